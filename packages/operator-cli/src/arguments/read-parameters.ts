import { isJsonObject } from 'operator-core';
import type { JsonObject, JsonValue, ParamDef } from 'operator-core';
import type { Flag } from './flag.ts';
import { toFlagName } from './format-command.ts';
import { parseJson } from './parse-json.ts';
import { parseParam } from './parse-param.ts';
import type { FlagValue, ScannedArguments } from './interpret.ts';

/** Parameters by name, as an action, an observation or a configuration describes them. */
export type ParamDefs = Readonly<Record<string, ParamDef>>;

/** Parameters as given, and the problems of their flags. */
export interface ReadParameters {
  readonly parameters: JsonObject;
  /** Problems as sentences. When there are any, `parameters` must not be used. */
  readonly problems: readonly string[];
  /** True when the JSON text could be read: otherwise the missing ones are unknown. */
  readonly isReadable: boolean;
}

/** A parameter as a flag of the command line. */
export interface ParameterFlag extends Flag {
  readonly parameter: ParamDef;
}

/** Parameters as flags of the command line. */
export function toParameterFlags(definitions: ParamDefs): readonly ParameterFlag[] {
  return Object.entries(definitions).map(([name, parameter]) => ({
    name: toFlagName(name),
    description: parameter.description,
    parameter,
    ...(parameter.type === 'boolean' ? { isNegatable: true } : { value: valueNameOf(parameter) }),
    ...(parameter.type === 'array' ? { isRepeatable: true } : {}),
  }));
}

/** Parameters from flags and from the JSON text of `--params`. The schema checks types in JSON. */
export function readParameters(
  definitions: ParamDefs,
  scanned: ScannedArguments,
  json: string | null,
): ReadParameters {
  const given = readJson(json);
  const parameters: Record<string, JsonValue> = { ...given.parameters };
  const problems = [...given.problems];
  for (const [name, definition] of Object.entries(definitions)) {
    const values = scanned.flags.get(toFlagName(name));
    if (values === undefined) continue;
    const parsed = parseParam(definition, values.map(String));
    if (Object.hasOwn(given.parameters, name)) {
      problems.push(`${name} is given twice: as --${toFlagName(name)} and in --params.`);
    } else if (parsed.ok) {
      parameters[name] = parsed.value;
    } else if (!isRepeated(definition, values)) {
      problems.push(`--${toFlagName(name)} ${parsed.problem}.`);
    }
  }
  return { parameters, problems, isReadable: given.isReadable };
}

/** Required parameters that were not given, as sentences. */
export function missingFrom(
  definitions: ParamDefs,
  scanned: ScannedArguments,
  { parameters, isReadable }: ReadParameters,
): readonly string[] {
  if (!isReadable) return [];
  return Object.entries(definitions)
    .filter(([, { required }]) => required)
    .filter(([name]) => !scanned.flags.has(toFlagName(name)) && !Object.hasOwn(parameters, name))
    .map(([name, { description }]) => `--${toFlagName(name)} is missing: ${description}.`);
}

/** A flag given more than once is a problem that is reported already. */
function isRepeated({ type }: ParamDef, values: readonly FlagValue[]): boolean {
  return type !== 'array' && values.length > 1;
}

function readJson(json: string | null): ReadParameters {
  if (json === null) return { parameters: {}, problems: [], isReadable: true };
  const parsed = parseJson(json);
  if (!parsed.ok) return unreadable(`--params is not usable JSON: ${parsed.problem}.`);
  if (!isJsonObject(parsed.value)) return unreadable('--params must be one JSON object.');
  return { parameters: parsed.value, problems: [], isReadable: true };
}

function unreadable(problem: string): ReadParameters {
  return { parameters: {}, problems: [problem], isReadable: false };
}

function valueNameOf({ type, entity, enum: allowed }: ParamDef): string {
  if (allowed !== undefined && allowed.length <= 4) return allowed.map(String).join('|');
  if (type === 'integer' || type === 'number') return type.toUpperCase();
  if (type === 'string') return entity === undefined ? 'TEXT' : entity.toUpperCase();
  return type === 'array' ? 'VALUE|JSON …' : 'JSON';
}
