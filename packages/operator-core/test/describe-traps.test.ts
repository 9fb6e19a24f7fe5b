import { describeActions, validateParameters } from 'operator-core';
import type { AnyParametersSchema, ParamDef } from 'operator-core';
import { describe, expect, it } from 'vitest';
import { z as zod } from 'zod';
import type { z } from 'zod';
import { handWritten, ZODS } from './schemas.ts';
import { actionWith } from './examples.ts';

function describeSchema(parameters: AnyParametersSchema) {
  return describeActions([actionWith({ parameters })]);
}

function parameterOf(type: z.ZodType): ParamDef | undefined {
  const schema = zod.strictObject({ lamp_id: type });
  return describeSchema(schema)[0]?.parameters['lamp_id'];
}

describe.each(ZODS)('describing, with %s', (_, z) => {
  const described = (type: z.ZodType) => parameterOf(type.describe('It'));

  it('makes exclusive bounds of integers inclusive', () => {
    expect(described(z.int().gt(0).lt(10))).toMatchObject({ minimum: 1, maximum: 9 });
    expect(described(z.int().gt(0.5).lt(9.5))).toMatchObject({ minimum: 1, maximum: 9 });
    expect(described(z.int().gt(3).min(2))).toMatchObject({ minimum: 4 });
  });

  it('claims no bound where a number has an exclusive one', () => {
    expect(described(z.number().gt(0).lt(1))).toEqual({
      type: 'number',
      description: 'It',
      required: true,
    });
  });

  it('drops the bounds that every integer has', () => {
    expect(described(z.int())).toEqual({ type: 'integer', description: 'It', required: true });
    expect(described(z.int().min(0))).toMatchObject({ minimum: 0 });
    expect(described(z.int().min(0))).not.toHaveProperty('maximum');
    expect(described(z.int32())).toMatchObject({ minimum: -(2 ** 31), maximum: 2 ** 31 - 1 });
  });

  it('shows default and prefault alike, and both are not required', () => {
    for (const type of [z.string().default('a'), z.string().prefault('a')]) {
      expect(described(type)).toEqual({
        type: 'string',
        description: 'It',
        required: false,
        default: 'a',
      });
    }
  });

  it('keeps a literal as an enum of one, and an enum with its values', () => {
    expect(described(z.literal('on'))).toMatchObject({ type: 'string', enum: ['on'] });
    expect(described(z.enum(['b', 'a']))).toMatchObject({ type: 'string', enum: ['b', 'a'] });
    expect(described(z.enum(['b', '10', '2']))?.enum).toEqual(['2', '10', 'b']);
    expect(described(z.literal([1, 'a']))).toMatchObject({ type: 'object', enum: [1, 'a'] });
  });

  it('describes unions, nullables and nested values by their JSON Schema', () => {
    expect(described(z.union([z.int32(), z.strictObject({})]))).toMatchObject({
      type: 'object',
      schema: { anyOf: [{ type: 'integer' }, { type: 'object' }] },
    });
    expect(described(z.string().nullable())).toMatchObject({ type: 'object' });
    expect(described(z.array(z.int()))).toMatchObject({ type: 'array', schema: { type: 'array' } });
    expect(described(z.strictObject({ a: z.int() }))).toMatchObject({
      type: 'object',
      schema: { properties: { a: { type: 'integer' } } },
    });
  });

  it('passes secret and entity through', () => {
    expect(
      parameterOf(z.string().meta({ description: 'It', secret: true, entity: 'key' })),
    ).toEqual({
      type: 'string',
      description: 'It',
      required: true,
      secret: true,
      entity: 'key',
    });
    expect(parameterOf(z.string().meta({ description: 'It', secret: 'no' }))).not.toHaveProperty(
      'secret',
    );
  });

  it('looks through a schema that was given an id', () => {
    const type = z
      .int()
      .min(1)
      .meta({ id: `lamp-${_}`, description: 'The lamp', entity: 'lamp' });
    expect(parameterOf(type)).toEqual({
      type: 'integer',
      description: 'The lamp',
      required: true,
      minimum: 1,
      entity: 'lamp',
    });
    expect(parameterOf(type.describe('Another lamp'))?.description).toBe('Another lamp');
  });

  it('carries what a recursive type refers to', () => {
    const tree: z.ZodType = z.strictObject({
      get branches() {
        return z.array(tree);
      },
    });
    const { schema = {} } = described(z.array(tree)) ?? {};
    const references = [...JSON.stringify(schema).matchAll(/"#\/\$defs\/([^"]+)"/gu)];
    expect(references).not.toHaveLength(0);
    for (const [, name = ''] of references) expect(schema['$defs']).toHaveProperty([name]);
  });

  it('shows a pattern without its flags, so that only the schema may refuse by it', async () => {
    const schema = z.strictObject({ lamp_id: z.string().regex(/^abc$/i).describe('It') });
    expect(describeSchema(schema)[0]?.parameters['lamp_id']?.pattern).toBe('^abc$');
    expect((await validateParameters(schema, { lamp_id: 'ABC' })).ok).toBe(true);
  });

  it('claims no pattern where there are several', () => {
    expect(described(z.string().regex(/a/).regex(/b/))).not.toHaveProperty('pattern');
  });

  it('cannot see refinements, and the schema still judges by them', async () => {
    const schema = z.strictObject({
      lamp_id: z
        .string()
        .refine((id) => id !== '13')
        .describe('It'),
    });
    expect(describeSchema(schema)[0]?.parameters['lamp_id']).toEqual({
      type: 'string',
      description: 'It',
      required: true,
    });
    expect((await validateParameters(schema, { lamp_id: '13' })).ok).toBe(false);
  });

  it('describes what is put in, not what a transformation makes of it', () => {
    expect(described(z.string().transform(Number))).toMatchObject({ type: 'string' });
    expect(described(z.string().transform(Number).pipe(z.number()))).toMatchObject({
      type: 'string',
    });
  });

  it.each([
    ['a date', z.date()],
    ['a date made of text', z.coerce.date()],
    ['a bigint', z.bigint()],
    ['a symbol', z.symbol()],
    ['a map', z.map(z.string(), z.string())],
    ['undefined', z.undefined()],
    ['a check by code alone', z.custom(() => true)],
  ])('refuses at load what cannot be described: %s', (__, type) => {
    expect(() => parameterOf(type)).toThrow(
      expect.objectContaining({ code: 'PLUGIN_INVALID', kind: 'plugin' }),
    );
  });

  it.each([
    ['an object that drops unknown keys', z.object({}), 'use a strict object'],
    ['an object that takes anything', z.looseObject({}), 'use a strict object'],
    ['a record', z.record(z.string(), z.string()), 'use a strict object'],
    ['a text', z.string(), 'not one of an object'],
    ['a list', z.array(z.string()), 'not one of an object'],
    [
      'a union of objects',
      z.union([z.strictObject({}), z.strictObject({})]),
      'not one of an object',
    ],
  ])('refuses as parameters: %s', (__, schema, words) => {
    expect(() => describeSchema(schema)).toThrow(words);
  });
});

describe('describing what others made', () => {
  it('reads a schema of another library', () => {
    expect(describeSchema(handWritten)[0]?.parameters).toEqual({
      id: { type: 'string', description: 'The store', required: true },
      copies: { type: 'integer', description: 'How many copies', required: false, default: 3 },
    });
  });

  it.each([
    [{ minimum: 2, exclusiveMinimum: 3 }, { minimum: 4 }],
    [{ minimum: 5, exclusiveMinimum: 3 }, { minimum: 5 }],
    [{ maximum: 2, exclusiveMaximum: 3 }, { maximum: 2 }],
    [{ maximum: 5, exclusiveMaximum: 3 }, { maximum: 2 }],
  ])('takes the narrower of two bounds: %j', (bounds, expected) => {
    const input = () => ({
      type: 'object',
      additionalProperties: false,
      properties: { a: { type: 'integer', description: 'It', ...bounds } },
    });
    const schema: AnyParametersSchema = {
      '~standard': { ...handWritten['~standard'], jsonSchema: { input, output: input } },
    };
    expect(describeSchema(schema)[0]?.parameters['a']).toEqual({
      type: 'integer',
      description: 'It',
      required: false,
      ...expected,
    });
  });

  it.each([
    [
      'throws',
      () => {
        throw new Error('no words');
      },
      'no words',
    ],
    // oxlint-disable-next-line typescript/only-throw-error
    [
      'throws a text',
      () => {
        throw 'no words';
      },
      'no words',
    ],
    ['gives nothing', () => undefined, 'cannot be described'],
    ['gives a list', () => [], 'as an object'],
    [
      'gives a cycle',
      () => {
        const a: Record<string, unknown> = {};
        a['a'] = a;
        return a;
      },
      'circular',
    ],
    ['gives odd properties', () => ({ type: 'object', properties: [] }), 'not one of an object'],
    [
      'gives a property that is none',
      () => ({ type: 'object', properties: { a: null } }),
      'parameter a has no description',
    ],
    [
      'gives a wrong list of required',
      () => ({ type: 'object', required: 'all', properties: { a: {} } }),
      'parameter a has no description',
    ],
  ])('names a description that %s', (_, input, words) => {
    const { validate } = handWritten['~standard'];
    const odd = {
      '~standard': { version: 1, vendor: 'odd', validate, jsonSchema: { input, output: input } },
    } as unknown as AnyParametersSchema;
    expect(() => describeSchema(odd)).toThrow(words);
  });

  it('names everything that is wrong, of all actions, at once', () => {
    const actions = [
      actionWith({ name: 'SwitchLamp', description: ' ', parameters: zod.strictObject({}) }),
      actionWith({
        name: 'switch_lamp',
        description: 'Switch',
        parameters: zod.strictObject({ lamp: zod.string(), Lamp: zod.string() }),
      }),
      actionWith({
        name: 'switch_lamp',
        description: 'Switch',
        parameters: zod.strictObject({ output: zod.string().describe('To') }),
      }),
      actionWith({
        name: 'wait_lamp',
        description: 'Wait',
        parameters: zod.strictObject({ when: zod.date().describe('When') }),
      }),
    ];
    let facts: unknown;
    try {
      describeActions(actions);
    } catch (error) {
      ({ facts } = error as { facts: unknown });
    }
    expect(facts).toEqual({
      issues: [
        'action SwitchLamp: its name is not snake_case',
        'action SwitchLamp: has no description',
        'action switch_lamp: parameter lamp has no description',
        'action switch_lamp: parameter Lamp is not named in snake_case',
        'action switch_lamp: parameter Lamp has no description',
        'action switch_lamp: parameter output is named like a global flag',
        'action wait_lamp: the schema cannot be described as JSON Schema: Date cannot be represented in JSON Schema',
        'action switch_lamp: its name is used more than once',
      ],
    });
  });

  it('refuses a parameter that is the flag which turns another one off', () => {
    const parameters = zod.strictObject({
      hurry: zod.boolean().describe('Whether to hurry'),
      no_hurry: zod.string().describe('Who does not hurry'),
    });
    expect(() => describeSchema(parameters)).toThrow(
      'parameter no_hurry is the flag that turns hurry off',
    );
  });
});

it('refuses a secret that is no string: only texts can be kept out of records', () => {
  const pin = zod.int().meta({ description: 'The pin', secret: true });
  expect(() => parameterOf(pin)).toThrow('parameter lamp_id is secret, and no string');
});
