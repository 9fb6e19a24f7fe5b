import * as fc from 'fast-check';
import { isTolerated, parsePlanOutcome } from 'operator-core';
import type { Tolerance } from 'operator-core';
import { describe, expect, it } from 'vitest';
import { lampDraft } from './examples.ts';

const number = fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e9, max: 1e9 });

describe('isTolerated', () => {
  it.each<[Tolerance, number, boolean]>([
    [{ atLeast: 8 }, 8, true],
    [{ atLeast: 8 }, 7.9, false],
    [{ atMost: 12 }, 12, true],
    [{ atMost: 12 }, 12.1, false],
    [{ within: 0 }, 10, true],
    [{ within: 0 }, 11, false],
    [{ within: { ratio: 0.5 } }, 5, true],
    [{ within: { ratio: 0.5 } }, 4, false],
    [{ within: 5, atMost: 11 }, 12, false],
  ])('10 with %j: %d is %s', (tolerance, now, admitted) => {
    expect(isTolerated({ name: 'a', value: 10, tolerance }, now)).toBe(admitted);
  });

  it('admits every number between its limits and no other', () => {
    fc.assert(
      fc.property(number, number, number, (atLeast, atMost, value) => {
        const fact = { name: 'a', value: atLeast, tolerance: { atLeast, atMost } };
        expect(isTolerated(fact, value)).toBe(atLeast <= value && value <= atMost);
      }),
    );
  });

  it('admits nothing without a tolerance, and nothing that is no number', () => {
    expect(isTolerated({ name: 'a', value: 1 }, 1)).toBe(false);
    const fact = { name: 'a', value: 1, tolerance: { atLeast: 0 } };
    expect(isTolerated(fact, '1')).toBe(false);
    expect(isTolerated(fact, { unknown: 'dark' })).toBe(false);
    expect(isTolerated({ ...fact, value: '1' }, 1)).toBe(false);
  });
});

describe('a tolerance in a draft', () => {
  const bound = (fact: object) => ({ ...lampDraft, evidence: { bound: [fact], shown: [] } });
  it.each([
    { name: 'a', value: 1, tolerance: { atLeast: 1, atMost: 1, within: { ratio: 0 } } },
    { name: 'a', value: { unknown: 'dark' }, tolerance: { within: 3 } },
  ])('may be %j', (fact) => {
    expect(parsePlanOutcome('switch_lamp', bound(fact))).toEqual(bound(fact));
  });

  it.each([
    ['nothing', bound({ name: 'a', value: 1, tolerance: {} })],
    ['its own value left out', bound({ name: 'a', value: 1, tolerance: { atLeast: 2 } })],
    ['a text', bound({ name: 'a', value: 'on', tolerance: { within: 2 } })],
    ['a negative width', bound({ name: 'a', value: 1, tolerance: { within: -1 } })],
    ['no number', bound({ name: 'a', value: 1, tolerance: { atMost: Infinity } })],
    ['a misspelt member', bound({ name: 'a', value: 1, tolerance: { atmost: 2 } })],
    [
      'a shown fact',
      {
        ...lampDraft,
        evidence: { bound: [], shown: [{ name: 'a', value: 1, tolerance: { within: 1 } }] },
      },
    ],
  ])('is refused: %s', (_, outcome) => {
    expect(() => parsePlanOutcome('switch_lamp', outcome)).toThrow(
      expect.objectContaining({ code: 'PLUGIN_MISBEHAVED' }),
    );
  });
});
