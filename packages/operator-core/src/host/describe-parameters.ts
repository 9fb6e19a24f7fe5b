import { describeParameter } from './describe-parameter.ts';
import { isJsonObject } from '../json/json.ts';
import type { JsonObject, JsonSchema, JsonValue } from '../json/json.ts';
import type { ParamDef } from '../contract/param-def.ts';
import type { AnyParametersSchema } from '../contract/parameters-schema.ts';
import { isSnakeCase } from '../json/snake-case.ts';

/** A schema of parameters as data, with everything that is wrong with it. */
export interface DescribedParameters {
  readonly parameters: Readonly<Record<string, ParamDef>>;
  readonly schema: JsonSchema;
  /** Empty when the schema can be used. */
  readonly issues: readonly string[];
}

/**
 * Parameters may not be called like a flag of the `operator` program's own, because they are flags of its
 * commands too.
 */
export const RESERVED_PARAMETER_NAMES = [
  'color',
  'config',
  'for',
  'help',
  'idempotency_key',
  'out',
  'output',
  'params',
  'subject',
  'trace',
  'version',
  'wait',
  'no_color',
  'no_wait',
  'yes',
  'timeout',
  'until',
  'until_within',
] as const;

// Every host checks a plugin and then lists it: converting each schema once is half the work.
const known = new WeakMap<AnyParametersSchema, DescribedParameters>();

/** Describes a schema of parameters: an object schema that refuses unknown keys. Never throws. */
export function describeParameters(schema: AnyParametersSchema): DescribedParameters {
  const described = known.get(schema) ?? describeSchema(schema);
  if (described.issues.length === 0) known.set(schema, described);
  return described;
}

function describeSchema(schema: AnyParametersSchema): DescribedParameters {
  const json = toJsonSchema(schema);
  if (typeof json === 'string') return { parameters: {}, schema: {}, issues: [json] };
  const properties = json['properties'];
  if (json['type'] !== 'object' || (properties !== undefined && !isJsonObject(properties))) {
    return { parameters: {}, schema: json, issues: ['the schema is not one of an object'] };
  }
  const required = Array.isArray(json['required']) ? json['required'] : [];
  const described = Object.entries(properties ?? {}).map(([name, property]) => ({
    name,
    ...describeParameter(resolveReference(property, json), required.includes(name)),
  }));
  const strict = json['additionalProperties'] === false;
  return {
    parameters: Object.fromEntries(described.map(({ name, definition }) => [name, definition])),
    schema: json,
    issues: [
      ...(strict ? [] : ['the schema accepts unknown parameters (use a strict object)']),
      ...described.flatMap(({ name, issues }) => [
        ...nameIssues(name),
        ...negationIssues(name, described),
        ...issues.map((issue) => `parameter ${name} ${issue}`),
      ]),
    ],
  };
}

/** JSON Schema of a result as a plugin gives it; a text says why there is none. */
export function describeResult(schema: AnyParametersSchema): JsonSchema | string {
  return toJsonSchema(schema, 'output');
}

function toJsonSchema(
  schema: AnyParametersSchema,
  side: 'input' | 'output' = 'input',
): JsonSchema | string {
  try {
    // Through text, so that what is kept is plain data and nothing of the schema library.
    const json: unknown = JSON.parse(
      JSON.stringify(schema['~standard'].jsonSchema[side]({ target: 'draft-2020-12' })),
    );
    return isJsonObject(json) ? json : 'the schema does not describe itself as an object';
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return `the schema cannot be described as JSON Schema: ${reason}`;
  }
}

/** Schemas that are named or refer to themselves stand apart, in `$defs`. */
function resolveReference(property: JsonValue, root: JsonSchema): JsonObject {
  const schema = isJsonObject(property) ? property : {};
  const definitions = isJsonObject(root['$defs']) ? root['$defs'] : {};
  const { $ref: reference, ...beside } = schema;
  const name = /^#\/\$defs\/([^/]+)$/u.exec(typeof reference === 'string' ? reference : '')?.[1];
  const target = name === undefined ? undefined : definitions[name];
  const resolved = isJsonObject(target) ? { ...target, ...beside } : schema;
  // What still refers to a definition must carry it along, or it would mean nothing alone.
  const refersOn = JSON.stringify(resolved).includes('"$ref"');
  return refersOn ? { ...resolved, $defs: definitions } : resolved;
}

/** `--no-wait` turns the switch `wait` off, so that no other parameter can be called like that. */
function negationIssues(
  name: string,
  all: readonly { readonly name: string; readonly definition: ParamDef }[],
): readonly string[] {
  const negated = all.find((one) => `no_${one.name}` === name);
  return negated?.definition.type === 'boolean'
    ? [`parameter ${name} is the flag that turns ${negated.name} off`]
    : [];
}

function nameIssues(name: string): readonly string[] {
  const reserved: readonly string[] = RESERVED_PARAMETER_NAMES;
  if (!isSnakeCase(name)) return [`parameter ${name} is not named in snake_case`];
  return reserved.includes(name) ? [`parameter ${name} is named like a global flag`] : [];
}
