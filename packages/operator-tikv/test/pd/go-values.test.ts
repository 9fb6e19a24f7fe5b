import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { parseGoDuration, parseGoSize, parseGoTime } from '../../src/pd/wire/go-values.ts';

describe('parseGoDuration', () => {
  it.each([
    ['1h0m0s', 3_600_000],
    ['30m0s', 1_800_000],
    ['10ms', 10],
    ['2m1.310680415s', 121_310.680_415],
    ['957.201µs', 0.957_201],
    ['0s', 0],
    ['-1m0s', -60_000],
    ['2562047h47m16.854775807s', 9_223_372_036_854.775],
  ])('%s', (text, milliseconds) => {
    expect(parseGoDuration(text)).toBeCloseTo(milliseconds, 3);
  });

  it.each(['', 'soon', '5', '1h 2m', 's', '1x', '1..2s'])('%j is none', (text) => {
    expect(parseGoDuration(text)).toBeNull();
  });

  it('reads whole seconds as Go prints them', () => {
    fc.assert(
      fc.property(fc.nat(10_000_000), (seconds) => {
        const text = `${Math.floor(seconds / 3600)}h${Math.floor(seconds / 60) % 60}m${seconds % 60}s`;
        expect(parseGoDuration(text)).toBe(seconds * 1000);
      }),
    );
  });
});

describe('parseGoSize', () => {
  it.each([
    ['0B', 0],
    ['1TiB', 1024 ** 4],
    ['931.5GiB', Math.round(931.5 * 1024 ** 3)],
    ['1.819TiB', Math.round(1.819 * 1024 ** 4)],
    ['1e+03B', 1000],
  ])('%s', (text, bytes) => {
    expect(parseGoSize(text)).toBe(bytes);
  });

  it.each(['', 'TiB', '5', '5 parsecs', '-1GiB', '1GB', '9e400TiB'])('%j is none', (text) => {
    expect(parseGoSize(text)).toBeNull();
  });
});

describe('parseGoTime', () => {
  it.each([
    ['2026-11-21 19:34:03.549485158 +0000 UTC m=+28.371694806', '2026-11-21T19:34:03.549Z'],
    ['2024-06-21 11:14:06.1 +0800 CST m=+12.3', '2024-06-21T03:14:06.100Z'],
    ['2024-06-21 11:14:06 -0300 -03', '2024-06-21T14:14:06.000Z'],
    ['2026-11-21T19:39:28Z', '2026-11-21T19:39:28.000Z'],
    ['2026-11-21T19:39:28.19871252+02:00', '2026-11-21T17:39:28.198Z'],
  ])('%s', (text, expected) => {
    expect(parseGoTime(text)).toBe(Date.parse(expected));
  });

  it.each([
    '',
    'yesterday',
    '0001-01-01 00:00:00 +0000 UTC',
    '0001-01-01T00:00:00Z',
    '2024-13-45 99:99:99 +0000 UTC',
  ])('%j is none', (text) => {
    expect(parseGoTime(text)).toBeNull();
  });
});
