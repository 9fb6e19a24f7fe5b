import * as fc from 'fast-check';
import { describeActions, validateParameters } from 'operator-core';
import type { AnyParametersSchema, JsonValue, ParamDef } from 'operator-core';
import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { actionWith } from './examples.ts';
import { ZODS } from './schemas.ts';

type Zod = typeof z;

/** What an author may say of one parameter: a ParamDef before any schema exists. */
interface Wish {
  readonly type: 'integer' | 'number' | 'string' | 'boolean';
  readonly presence: 'required' | 'optional' | 'default';
  readonly enum?: readonly [string, ...string[]];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusive?: boolean;
  readonly pattern?: string;
}

const presence = fc.constantFrom('required', 'optional', 'default') satisfies fc.Arbitrary<
  Wish['presence']
>;
// -0 and 0 are one number in JSON.
const bound = fc.integer({ min: -1_000, max: 1_000 }).map((value) => value + 0);
const fraction = fc.integer({ min: -4_000, max: 4_000 }).map((value) => value / 4 + 0);
const PATTERNS = ['^[1-9][0-9]*$', '^a+$', 'b', '^(x|yz){1,3}$', '^$', '^[^a-z]'];

const numeric = (type: 'integer' | 'number', bounds: fc.Arbitrary<number>) =>
  fc.record(
    {
      type: fc.constant(type),
      presence,
      minimum: bounds,
      maximum: bounds,
      exclusive: fc.boolean(),
    },
    { requiredKeys: ['type', 'presence'] },
  );

const texts = fc.uniqueArray(fc.string({ maxLength: 5 }), { minLength: 1, maxLength: 5 });
const wish: fc.Arbitrary<Wish> = fc.oneof(
  numeric('integer', fc.oneof(bound, fraction)),
  numeric('number', fraction),
  fc.record({ type: fc.constant('boolean' as const), presence }),
  fc.record({ type: fc.constant('string' as const), presence }),
  fc.record({
    type: fc.constant('string' as const),
    presence,
    pattern: fc.constantFrom(...PATTERNS),
  }),
  fc
    .record({
      type: fc.constant('string' as const),
      presence,
      // Node's own prototype members are no enum values in any sane schema, and zod keeps enums as objects.
      enum: texts.map((list) => list.filter((text) => !(text in {})) as [string, ...string[]]),
    })
    .filter((one) => one.enum.length > 0),
);

const wishes = fc.dictionary(fc.stringMatching(/^[a-z]{4}_[a-z]{1,3}$/), wish, { maxKeys: 4 });

function typeOf(zod: Zod, { type, ...limits }: Wish): z.ZodType {
  if (limits.enum !== undefined) return zod.enum(limits.enum);
  if (type === 'boolean') return zod.boolean();
  if (type === 'string') {
    return limits.pattern === undefined
      ? zod.string()
      : zod.string().regex(new RegExp(limits.pattern));
  }
  let number = type === 'integer' ? zod.int() : zod.number();
  const { minimum, maximum, exclusive = false } = limits;
  if (minimum !== undefined) number = exclusive ? number.gt(minimum) : number.min(minimum);
  if (maximum !== undefined) number = exclusive ? number.lt(maximum) : number.max(maximum);
  return number;
}

function memberOf(zod: Zod, one: Wish): z.ZodType {
  const type = typeOf(zod, one).describe('What it is');
  if (one.presence === 'optional') return type.optional();
  if (one.presence === 'default') return type.default(defaultOf(one)).describe('What it is');
  return type;
}

/** A default need not fit the rest of the schema: zod does not look at it either. */
function defaultOf({ type, enum: allowed }: Wish): JsonValue {
  if (allowed !== undefined) return allowed[0];
  return { integer: 7, number: 0.5, string: 'default', boolean: true }[type];
}

function schemaOf(zod: Zod, all: Readonly<Record<string, Wish>>): z.ZodType {
  const members = Object.entries(all).map(([name, one]) => [name, memberOf(zod, one)] as const);
  return zod.strictObject(Object.fromEntries(members));
}

function definitionsOf(schema: AnyParametersSchema): Readonly<Record<string, ParamDef>> {
  const [definition] = describeActions([actionWith({ parameters: schema })]);
  return definition?.parameters ?? {};
}

/** Whether a ParamDef, read as its documentation says, refuses a value. */
function refuses(definition: ParamDef, value: JsonValue | undefined): boolean {
  if (value === undefined) return definition.required;
  if (!hasType(definition.type, value)) return true;
  if (definition.enum !== undefined && !definition.enum.includes(value)) return true;
  if (typeof value === 'number') {
    const { minimum = Number.NEGATIVE_INFINITY, maximum = Number.POSITIVE_INFINITY } = definition;
    return value < minimum || value > maximum;
  }
  return (
    typeof value === 'string' &&
    definition.pattern !== undefined &&
    !new RegExp(definition.pattern).test(value)
  );
}

function hasType(type: ParamDef['type'], value: JsonValue): boolean {
  if (type === 'integer') return Number.isSafeInteger(value);
  if (type === 'number') return typeof value === 'number';
  return type === 'object' || typeof value === type;
}

const candidate = (definition: ParamDef): fc.Arbitrary<JsonValue | undefined> =>
  fc.oneof(
    fc.constant(undefined),
    fc.constantFrom<JsonValue>(...(definition.enum ?? ['aaa', '10', 'xyz', 'b'])),
    fc.constantFrom(definition.minimum ?? -3, definition.maximum ?? 3).chain(near),
    fc.oneof(bound, fraction),
    fc.boolean(),
    fc.string(),
    fc.constantFrom(2 ** 53, -(2 ** 53), 2 ** 53 - 1, 1e21),
    // What comes from fast-check's JSON is JSON.
    fc.jsonValue().map((value) => JSON.parse(JSON.stringify(value)) as JsonValue),
  );

function near(value: number): fc.Arbitrary<number> {
  return fc.constantFrom(value - 1, value - 0.25, value + 0, value + 0.25, value + 1);
}

describe.each(ZODS)('what ParamDef says, with %s', (_, zod) => {
  it('says back what the author said', () => {
    fc.assert(
      fc.property(wishes, (all) => {
        const definitions = definitionsOf(schemaOf(zod, all));
        expect(Object.keys(definitions)).toEqual(Object.keys(all));
        for (const [name, one] of Object.entries(all)) {
          const { enum: allowed, ...rest } = definitions[name] ?? {};
          expect(rest).toEqual(expectedOf(one));
          // zod keeps enums as objects: values that look like integers come first, in order.
          expect(new Set(allowed)).toEqual(new Set(one.enum));
        }
      }),
    );
  });

  it('is never stricter than the schema, nor more lenient where it is simple', async () => {
    await fc.assert(
      fc.asyncProperty(
        wishes.chain((all) => {
          const schema = schemaOf(zod, all);
          const definitions = definitionsOf(schema);
          const values = Object.fromEntries(
            Object.entries(definitions).map(([name, one]) => [name, candidate(one)]),
          );
          return fc.record(values).map((given) => ({ all, schema, definitions, given }));
        }),
        async ({ all, schema, definitions, given }) => {
          const input: unknown = JSON.parse(JSON.stringify(given));
          const result = await validateParameters(schema, input);
          const refused = Object.entries(definitions).some(([name, one]) =>
            refuses(one, given[name]),
          );
          if (refused) expect(result.ok).toBe(false);
          // An exclusive bound of a fraction has no inclusive form, so that nothing is claimed.
          const simple = Object.values(all).every(
            (one) => one.exclusive !== true || one.type === 'integer',
          );
          if (simple) expect(result.ok).toBe(!refused);
        },
      ),
      { numRuns: 500 },
    );
  });
});

function expectedOf(one: Wish): Omit<ParamDef, 'enum'> {
  const { type, presence: when, pattern } = one;
  return {
    type,
    description: 'What it is',
    required: when === 'required',
    ...(when === 'default' ? { default: defaultOf(one) } : {}),
    ...limit('minimum', one),
    ...limit('maximum', one),
    ...(pattern === undefined ? {} : { pattern }),
  };
}

function limit(key: 'minimum' | 'maximum', one: Wish): Partial<Record<typeof key, number>> {
  const value = one[key];
  if (value === undefined) return {};
  if (one.exclusive !== true) return { [key]: value };
  if (one.type === 'number') return {};
  return { [key]: key === 'minimum' ? Math.floor(value) + 1 : Math.ceil(value) - 1 };
}
