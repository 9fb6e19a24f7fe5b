import * as fc from 'fast-check';
import { isJsonValue, validateParameters } from 'operator-core';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { handWritten, ZODS } from './schemas.ts';

const schema = z.strictObject({
  region_id: z.int().min(1).describe('The region'),
  to_store_id: z
    .string()
    .regex(/^[1-9]\d*$/)
    .describe('The store'),
  reason: z.enum(['hot', 'balance']).default('hot').describe('Why'),
  tags: z.array(z.string()).optional().describe('Tags'),
});

const SCHEMAS = [
  ['a flat object', schema],
  ['nothing', z.strictObject({})],
  ['a nested object', z.strictObject({ at: z.strictObject({ x: z.number(), y: z.number() }) })],
  ['a union', z.strictObject({ id: z.union([z.string(), z.int()]) })],
  ['a recursive type', z.strictObject({ json: z.json() })],
  ['a refinement', schema.refine((value) => value.reason !== 'hot', 'too hot')],
  ['an asynchronous refinement', schema.refine(async (value) => value.region_id < 9, 'too many')],
  ['a transformation', z.strictObject({ n: z.string().transform((text) => text.length) })],
] as const;

/** Mostly near to what the schemas want, so that both answers occur. */
const nearParameters = fc.record(
  {
    region_id: fc.oneof(fc.nat(), fc.integer(), fc.double(), fc.string()),
    to_store_id: fc.oneof(fc.nat().map(String), fc.string(), fc.nat()),
    reason: fc.oneof(fc.constantFrom('hot', 'balance', 'cold'), fc.jsonValue()),
    tags: fc.oneof(fc.array(fc.string()), fc.jsonValue()),
    other: fc.jsonValue(),
    at: fc.record({ x: fc.double(), y: fc.oneof(fc.double(), fc.string()) }),
    id: fc.oneof(fc.string(), fc.double()),
    json: fc.jsonValue(),
    n: fc.string(),
  },
  { requiredKeys: [] },
);

describe('validateParameters', () => {
  it.each(SCHEMAS)('says what the schema says about any JSON: %s', async (_, judge) => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(nearParameters, fc.jsonValue()), async (given) => {
        const input: unknown = JSON.parse(JSON.stringify(given));
        const own = await judge.safeParseAsync(input);
        const result = await validateParameters(judge, input);
        expect(result.ok).toBe(own.success);
        if (result.ok) expect(result.value).toEqual(own.data);
        else expect(result.issues).toHaveLength(own.error?.issues.length ?? -1);
      }),
    );
  });

  it.each(SCHEMAS)('answers for any JavaScript value at all: %s', async (_, judge) => {
    const anything = fc.anything({
      withBigInt: true,
      withDate: true,
      withMap: true,
      withNullPrototype: true,
      withSet: true,
      withSparseArray: true,
      withTypedArray: true,
    });
    await fc.assert(
      fc.asyncProperty(anything, async (input) => {
        const result = await validateParameters(judge, input);
        if (!result.ok) {
          expect(result.issues).not.toHaveLength(0);
          return;
        }
        expect(isJsonValue(input)).toBe(true);
        expect((await judge.safeParseAsync(input)).success).toBe(true);
      }),
    );
  });

  it('reports everything that is wrong at once, each where it is', async () => {
    const input = {
      region_id: 'one',
      to_store_id: '01',
      reason: 'cold',
      tags: ['a', 1],
      force: true,
    };
    const result = await validateParameters(schema, input);
    expect(result.ok ? [] : result.issues.map(({ path }) => path).toSorted()).toEqual([
      '',
      'reason',
      'region_id',
      'tags.1',
      'to_store_id',
    ]);
  });

  it('names missing ones together with wrong ones', async () => {
    const result = await validateParameters(schema, { reason: 1 });
    expect(result.ok ? [] : result.issues.map(({ path }) => path)).toEqual([
      'region_id',
      'to_store_id',
      'reason',
    ]);
  });

  it('applies defaults', async () => {
    expect(await validateParameters(schema, { region_id: 2, to_store_id: '4' })).toEqual({
      ok: true,
      value: { region_id: 2, to_store_id: '4', reason: 'hot' },
    });
  });

  it.each([
    ['a number as text', '2'],
    ['a float', 2.5],
    ['a negative', -1],
    ['zero', 0],
    ['2^53', 2 ** 53],
    ['2^53 + 2', 2 ** 53 + 2],
    ['NaN', Number.NaN],
    ['an infinity', Number.POSITIVE_INFINITY],
    ['a bigint', 2n],
    ['true', true],
    ['null', null],
    ['a list of one', [2]],
    ['an object that becomes a number', { valueOf: () => 2 }],
  ])('coerces nothing: %s is not an integer id', async (_, value) => {
    const result = await validateParameters(schema, { region_id: value, to_store_id: '4' });
    expect(result.ok).toBe(false);
  });

  it.each([undefined, null, 1, 'text', [], [{}], new Date(0), () => 1])(
    'refuses %s as parameters',
    async (input) => {
      expect((await validateParameters(z.strictObject({}), input)).ok).toBe(false);
    },
  );

  it('refuses ten megabytes where a short text belongs, and keeps them out of the message', async () => {
    const input = { region_id: 1, to_store_id: 'x'.repeat(10_000_000) };
    const result = await validateParameters(schema, input);
    expect(result.ok).toBe(false);
    expect(JSON.stringify(result).length).toBeLessThan(1_000);
  });

  it.each([501, 10_000, 200_000])(
    'refuses JSON of %i levels without falling over',
    async (levels) => {
      const bomb: unknown = JSON.parse(`${'['.repeat(levels)}${']'.repeat(levels)}`);
      expect(await validateParameters(z.strictObject({ json: z.json() }), { json: bomb })).toEqual({
        ok: false,
        issues: [{ path: '', message: 'Parameters must be plain JSON' }],
      });
    },
  );

  it.each([
    [
      'throws',
      () => {
        throw new Error('the schema is broken');
      },
      'the schema is broken',
    ],
    ['rejects', () => Promise.reject(new Error('the schema is broken')), 'the schema is broken'],
    // oxlint-disable-next-line typescript/only-throw-error
    [
      'throws a text',
      () => {
        throw 'no error';
      },
      'failed',
    ],
    ['answers with no answer', () => null, 'null'],
    ['answers with wrong issues', () => ({ issues: 'many' }), 'map'],
  ])('makes an issue of a schema that %s', async (_, validate, words) => {
    const broken = { '~standard': { ...handWritten['~standard'], validate: validate as never } };
    const result = await validateParameters(broken, { id: '1' });
    expect(result.ok).toBe(false);
    expect(JSON.stringify(result)).toContain(words);
  });

  it('understands the issues of a schema of another library', async () => {
    expect(await validateParameters(handWritten, { copies: 2, colour: 'red' })).toEqual({
      ok: false,
      issues: [
        { path: 'id', message: 'no id' },
        { path: 'colour', message: 'unknown' },
      ],
    });
    expect(await validateParameters(handWritten, { id: '4' })).toEqual({
      ok: true,
      value: { id: '4', copies: 3 },
    });
  });

  it.each(ZODS)('works with %s', async (_, zod) => {
    const ids = zod.strictObject({ id: zod.int().min(1), force: zod.boolean().default(false) });
    expect(await validateParameters(ids, { id: 1 })).toEqual({
      ok: true,
      value: { id: 1, force: false },
    });
    expect((await validateParameters(ids, { id: 0, why: 'not' })).ok).toBe(false);
  });
});
