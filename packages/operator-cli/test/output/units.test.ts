import { expect, it } from 'vitest';
import type { Unit } from 'operator-core';
import { formatUnit } from '../../src/output/units.ts';

it.each<[number | string, Unit, string]>([
  [0, 'count', '0'],
  [1234567, 'count', '1,234,567'],
  [1234.5, 'count', '1,234.5'],
  [-1234, 'count', '-1,234'],
  [0, 'bytes', '0 B'],
  [1023, 'bytes', '1023 B'],
  [1536, 'bytes', '1.5 KiB'],
  [100_663_296, 'bytes', '96 MiB'],
  [1_610_612_736, 'bytes', '1.5 GiB'],
  [5e18, 'bytes', '4440.9 PiB'],
  [-2048, 'bytes', '-2 KiB'],
  [2048, 'bytes_per_second', '2 KiB/s'],
  [0.256, 'per_second', '0.26/s'],
  [12345.6, 'per_second', '12,346/s'],
  [0.4, 'milliseconds', '0.4 ms'],
  [12.4, 'milliseconds', '12 ms'],
  [1234, 'milliseconds', '1.2 s'],
  [125_000, 'milliseconds', '2 min 5 s'],
  [10, 'seconds', '10 s'],
  [600, 'seconds', '10 min'],
  [7500, 'seconds', '2 h 5 min'],
  [200_000, 'seconds', '2 d 7 h'],
  [0.4213, 'ratio', '42.1 %'],
  [0, 'ratio', '0 %'],
  ['2026-11-21T20:02:11.123Z', 'time', '2026-11-21 20:02:11Z'],
  ['not a time', 'time', 'not a time'],
  ['text', 'bytes', 'text'],
])('writes %s %s as %s', (value, unit, text) => {
  expect(formatUnit(value, unit)).toBe(text);
});
