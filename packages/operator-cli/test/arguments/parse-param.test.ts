import fc from 'fast-check';
import type { JsonValue, ParamDef } from 'operator-core';
import { describe, expect, it } from 'vitest';
import { parseParam } from '../../src/arguments/parse-param.ts';

const define = (definition: Partial<ParamDef>): ParamDef => ({
  type: 'string',
  description: 'something',
  required: true,
  ...definition,
});

const integer = define({ type: 'integer' });
const number = define({ type: 'number' });
const array = define({ type: 'array', schema: { type: 'array', items: { type: 'integer' } } });
const object = define({ type: 'object', schema: { type: 'object' } });
const union = define({
  type: 'object',
  schema: { anyOf: [{ type: 'string' }, { type: 'integer' }] },
});

function valueOf(definition: ParamDef, ...texts: string[]): JsonValue {
  const parsed = parseParam(definition, texts);
  if (!parsed.ok) throw new Error(parsed.problem);
  return parsed.value;
}

describe('parseParam: integers', () => {
  it.each(['0', '7', '-7', '9007199254740991', '-9007199254740991'])('takes %s', (text) => {
    expect(valueOf(integer, text)).toBe(Number(text));
  });

  it.each([
    '',
    ' 7',
    '7 ',
    '+7',
    '-0',
    '07',
    '7.0',
    '7.5',
    '1e3',
    '0x10',
    '1_000',
    '1,000',
    'NaN',
    'Infinity',
    'null',
    'true',
    '٣',
    '9007199254740992',
    '9007199254740993',
    '-9007199254740993',
    '1'.repeat(400),
  ])('refuses %j', (text) => {
    expect(parseParam(integer, [text]).ok).toBe(false);
  });

  it('refuses what the parameter itself does not allow', () => {
    const limited = define({ type: 'integer', minimum: 1, maximum: 9 });
    expect(parseParam(limited, ['0'])).toEqual({ ok: false, problem: 'must be at least 1' });
    expect(parseParam(limited, ['10'])).toEqual({ ok: false, problem: 'must be at most 9' });
  });

  it('law: whatever is taken is a safe integer whose own text is the one given', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.maxSafeInteger().map(String), fc.double().map(String)),
        (text) => {
          const parsed = parseParam(integer, [text]);
          if (!parsed.ok) return;
          expect(Number.isSafeInteger(parsed.value)).toBe(true);
          expect(JSON.stringify(parsed.value)).toBe(text);
        },
      ),
    );
  });

  it('law: every safe integer is taken', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (value) => {
        expect(valueOf(integer, String(value))).toBe(value);
      }),
    );
  });
});

describe('parseParam: numbers', () => {
  it.each(['0', '-1.5', '1e3', '0.1', '2E-3'])('takes %s', (text) => {
    expect(valueOf(number, text)).toBe(Number(text));
  });

  it.each(['', '.5', '5.', '1e999', 'NaN', '-Infinity', '0x1', '9007199254740993'])(
    'refuses %j',
    (text) => {
      expect(parseParam(number, [text]).ok).toBe(false);
    },
  );

  it('law: every finite number is taken as it is', () => {
    const finite = fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e15, max: 1e15 });
    fc.assert(
      fc.property(finite, (value) => {
        expect(valueOf(number, JSON.stringify(value))).toBe(value === 0 ? 0 : value);
      }),
    );
  });
});

describe('parseParam: texts and the rest', () => {
  it('law: text stays what it is', () => {
    fc.assert(fc.property(fc.string(), (text) => valueOf(define({}), text) === text));
  });

  it('names what an enum allows', () => {
    const mode = define({ enum: ['fast', 'safe'] });
    expect(valueOf(mode, 'safe')).toBe('safe');
    expect(parseParam(mode, ['slow'])).toEqual({
      ok: false,
      problem: 'must be one of fast, safe',
    });
  });

  it('takes booleans only as true and false', () => {
    expect(valueOf(define({ type: 'boolean' }), 'false')).toBe(false);
    expect(parseParam(define({ type: 'boolean' }), ['1']).ok).toBe(false);
  });

  it('takes arrays repeated or as JSON', () => {
    expect(valueOf(array, '1', '2')).toEqual([1, 2]);
    expect(valueOf(array, '[1, 2]')).toEqual([1, 2]);
    expect(parseParam(array, ['1', 'x']).ok).toBe(false);
    expect(parseParam(array, ['[1, 9007199254740993]']).ok).toBe(false);
    expect(parseParam(array, ['[1']).ok).toBe(false);
  });

  it('takes objects only as JSON objects', () => {
    expect(valueOf(object, '{"a":{"b":[1]}}')).toEqual({ a: { b: [1] } });
    expect(parseParam(object, ['[]']).ok).toBe(false);
    expect(parseParam(object, ['{']).ok).toBe(false);
    expect(parseParam(object, ['{"a":9007199254740993}']).ok).toBe(false);
  });

  it('takes what is not JSON as text where a union allows text', () => {
    expect(valueOf(union, 'abc')).toBe('abc');
    expect(valueOf(union, '4')).toBe(4);
    const numbers = define({ type: 'object', schema: { anyOf: [{ type: 'number' }] } });
    expect(parseParam(numbers, ['abc']).ok).toBe(false);
  });

  it('law: total on any text for any type', () => {
    const types = fc.constantFrom(
      integer,
      number,
      array,
      object,
      union,
      define({ type: 'boolean' }),
    );
    fc.assert(
      fc.property(types, fc.array(fc.string()), (definition, texts) => {
        expect(() => parseParam(definition, texts)).not.toThrow();
      }),
    );
  });
});
