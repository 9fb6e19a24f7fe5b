import * as fc from 'fast-check';
import { higherRisk, isUnknown, RISK_LEVELS, unknownBecause } from 'operator-core';
import { describe, expect, it } from 'vitest';

describe('unknown values', () => {
  it('are recognised after a trip through JSON', () => {
    fc.assert(
      fc.property(fc.string(), (reason) => {
        expect(isUnknown(JSON.parse(JSON.stringify(unknownBecause(reason))))).toBe(true);
      }),
    );
  });

  it.each([
    0,
    '',
    null,
    undefined,
    {},
    { unknown: 1 },
    { unknown: 'a', value: 0 },
    ['unknown'],
    Number.NaN,
  ])('%j is not one', (value) => {
    expect(isUnknown(value)).toBe(false);
  });
});

describe('higherRisk', () => {
  it.each([
    ['low', 'low', 'low'],
    ['low', 'medium', 'medium'],
    ['high', 'low', 'high'],
    ['medium', 'high', 'high'],
  ] as const)('of %s and %s is %s', (one, other, higher) => {
    expect(higherRisk(one, other)).toBe(higher);
    expect(higherRisk(other, one)).toBe(higher);
  });

  it('lists the levels from the lowest to the highest', () => {
    expect(RISK_LEVELS).toEqual(['low', 'medium', 'high']);
  });
});
