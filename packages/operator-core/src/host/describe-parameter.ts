import type { JsonObject, JsonValue } from '../json/json.ts';
import { PARAM_TYPES } from '../contract/param-def.ts';
import type { ParamDef, ParamType } from '../contract/param-def.ts';

/** One property of a JSON Schema as a ParamDef, with what is wrong with it. */
export function describeParameter(
  schema: JsonObject,
  required: boolean,
): { definition: ParamDef; issues: readonly string[] } {
  const type = readType(schema);
  const description = readText(schema, 'description') ?? '';
  const definition: ParamDef = {
    type,
    description,
    required,
    ...(schema['default'] === undefined ? {} : { default: schema['default'] }),
    ...readEnum(schema),
    ...(type === 'integer' || type === 'number' ? readBounds(schema, type) : {}),
    ...readTexts(schema, type),
    ...(schema['secret'] === true ? { secret: true } : {}),
    ...(type === 'array' || type === 'object' ? { schema } : {}),
  };
  return {
    definition,
    issues: [
      ...(description.trim() === '' ? ['has no description'] : []),
      ...(definition.secret === true && type !== 'string' ? ['is secret, and no string'] : []),
    ],
  };
}

function readType(schema: JsonObject): ParamType {
  const type = schema['type'];
  // Unions and schemas without one type are described by their JSON Schema, like anything nested.
  return PARAM_TYPES.find((known) => known === type) ?? 'object';
}

function readEnum(schema: JsonObject): Pick<ParamDef, 'enum'> {
  if (schema['const'] !== undefined) return { enum: [schema['const']] };
  return Array.isArray(schema['enum']) ? { enum: schema['enum'] } : {};
}

function readBounds(schema: JsonObject, type: ParamType): Pick<ParamDef, 'minimum' | 'maximum'> {
  const minimum = largest(schema['minimum'], inclusive(schema['exclusiveMinimum'], type, 1));
  const maximum = smallest(schema['maximum'], inclusive(schema['exclusiveMaximum'], type, -1));
  // Every integer is within the safe range: bounds that only repeat it are noise.
  const farthest = type === 'integer' ? Number.MAX_SAFE_INTEGER : Number.POSITIVE_INFINITY;
  return {
    ...(minimum !== null && minimum > -farthest ? { minimum } : {}),
    ...(maximum !== null && maximum < farthest ? { maximum } : {}),
  };
}

/** The nearest integer inside an exclusive bound. Other numbers have none, so nothing is claimed. */
function inclusive(bound: JsonValue | undefined, type: ParamType, step: 1 | -1): number | null {
  if (typeof bound !== 'number' || type !== 'integer') return null;
  return step === 1 ? Math.floor(bound) + 1 : Math.ceil(bound) - 1;
}

function largest(one: JsonValue | undefined, other: number | null): number | null {
  return typeof one === 'number' ? Math.max(one, other ?? one) : other;
}

function smallest(one: JsonValue | undefined, other: number | null): number | null {
  return typeof one === 'number' ? Math.min(one, other ?? one) : other;
}

function readTexts(schema: JsonObject, type: ParamType): Pick<ParamDef, 'pattern' | 'entity'> {
  const pattern = readText(schema, 'pattern');
  const entity = readText(schema, 'entity');
  return {
    ...(type === 'string' && pattern !== null ? { pattern } : {}),
    ...(entity === null ? {} : { entity }),
  };
}

function readText(schema: JsonObject, key: string): string | null {
  const value = schema[key];
  return typeof value === 'string' ? value : null;
}
