import { expect, it } from 'vitest';
import { parseDuration } from '../../src/arguments/parse-duration.ts';

it.each([
  ['0s', 0],
  ['500ms', 500],
  ['90s', 90_000],
  ['5m', 300_000],
  ['1h', 3_600_000],
  ['168h', 604_800_000],
  ['7d', 604_800_000],
])('reads %s', (text, milliseconds) => {
  expect(parseDuration(text)).toBe(milliseconds);
});

it.each(['', '90', '1.5s', '-1s', '1e3s', '1w', '8d', '169h', '99999999999s', ' 1s', 'NaNs'])(
  'refuses %j',
  (text) => {
    expect(parseDuration(text)).toBeNull();
  },
);
