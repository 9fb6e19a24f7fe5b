import * as fc from 'fast-check';
import { canonicalJson, isJsonObject, isJsonValue, OperatorError } from 'operator-core';
import { describe, expect, it } from 'vitest';

function nested(levels: number): unknown {
  let value: unknown = 1;
  for (let level = 0; level < levels; level += 1) value = level % 2 === 0 ? [value] : { value };
  return value;
}

describe('isJsonValue', () => {
  it('accepts everything that JSON.parse can give', () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => isJsonValue(value)));
  });

  it('answers for any JavaScript value, and accepts only what survives a round trip', () => {
    fc.assert(
      fc.property(fc.anything({ withSparseArray: true, withBigInt: true }), (value) => {
        if (!isJsonValue(value)) return;
        expect(JSON.parse(JSON.stringify(value))).toEqual(normalZero(value));
      }),
    );
  });

  const cyclic: Record<string, unknown> = {};
  cyclic['self'] = cyclic;
  it.each([
    ['undefined', undefined],
    ['undefined in an object', { a: undefined }],
    ['NaN', [Number.NaN]],
    ['an infinity', { a: Number.POSITIVE_INFINITY }],
    ['a bigint', 1n],
    ['a symbol', Symbol('a')],
    ['a function', () => 1],
    ['a date', new Date(0)],
    ['a map', new Map()],
    ['a class instance', new URL('http://a')],
    // oxlint-disable-next-line no-sparse-arrays
    ['a hole in an array', [1, , 2]],
    ['an object that writes itself as another', Object.assign([1], { toJSON: () => 2 })],
    ['a cycle', cyclic],
    ['more levels than the stack holds', nested(100_000)],
    ['501 levels', nested(501)],
    [
      'a getter that throws',
      Object.defineProperty({}, 'a', {
        enumerable: true,
        get: () => {
          throw new Error('no');
        },
      }),
    ],
  ])('refuses %s', (_, value) => {
    expect(isJsonValue(value)).toBe(false);
  });

  it('accepts the same object twice, and 500 levels', () => {
    const shared = { a: 1 };
    expect(isJsonValue([shared, shared])).toBe(true);
    expect(isJsonValue(nested(500))).toBe(true);
    expect(isJsonValue(Object.create(null))).toBe(true);
  });
});

describe('isJsonObject', () => {
  it.each([
    [{}, true],
    [[], false],
    [null, false],
    ['{}', false],
  ])('%j: %s', (value, expected) => {
    expect(isJsonObject(value)).toBe(expected);
  });
});

describe('canonicalJson', () => {
  it('says the same as the value it was made of', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        if (!isJsonValue(value)) throw new Error('the generator gave no JSON');
        expect(JSON.parse(canonicalJson(value))).toEqual(normalZero(value));
      }),
    );
  });

  it('is a fixed point: reading it and writing it again changes nothing', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        if (!isJsonValue(value)) throw new Error('the generator gave no JSON');
        const text = canonicalJson(value);
        const again: unknown = JSON.parse(text);
        return isJsonValue(again) && canonicalJson(again) === text;
      }),
    );
  });

  it('writes the example of RFC 8785 as the RFC does', () => {
    const example = {
      // oxlint-disable-next-line no-loss-of-precision -- the RFC's own example
      numbers: [333333333.33333329, 1e30, 4.5, 2e-3, 0.000000000000000000000000001],
      string: '€$\u000F\u000aA\'\u0042\u0022\u005c\\"/',
      literals: [null, true, false],
    };
    expect(canonicalJson(example)).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],' +
        '"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    );
  });

  it('refuses what is not JSON with a code, however deep it is', () => {
    for (const value of [Number.NaN, nested(501), nested(100_000)]) {
      // The type forbids it; what comes from plain JavaScript does not care.
      const call = () => canonicalJson(value as number);
      expect(call).toThrow(OperatorError);
      expect(call).toThrow(expect.objectContaining({ code: 'VALUE_NOT_JSON', kind: 'bug' }));
    }
  });
});

/** JSON has one zero. */
function normalZero(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}
