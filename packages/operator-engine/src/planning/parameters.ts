import { isJsonObject, isJsonValue, validateParameters } from 'operator-core';
import type { AnyParametersSchema, JsonObject, ParamDef, ParameterIssue } from 'operator-core';
import { createEngineError } from '../errors/engine-error.ts';
import { callPlugin } from '../plugin/call-plugin.ts';
import { deepFreeze } from './deep-freeze.ts';
import { isWithinSize } from '../plugin/json-size.ts';

const LARGEST = 1024 * 1024;

/** Owner of the parameters that are validated. */
export interface ParametersOwner {
  /** `action transfer_leader` */
  readonly title: string;
  readonly schema: AnyParametersSchema;
  /** Parameters that the schema describes. */
  readonly parameters: Readonly<Record<string, ParamDef>>;
}

/** The validated parameters, frozen. Throws `PARAMETERS_INVALID` naming every problem. */
export async function parseParameters(
  owner: ParametersOwner,
  input: unknown,
  call: { limitMs: number; signal?: AbortSignal | undefined },
): Promise<JsonObject> {
  if (!isWithinSize(input, LARGEST)) {
    throw createInvalid(owner, [{ path: '', message: 'they are larger than 1 MiB' }]);
  }
  const what = `checking the parameters of ${owner.title}`;
  const result = await callPlugin({ what, ...call }, () => validateParameters(owner.schema, input));
  if (!result.ok) throw createInvalid(owner, sayMissing(owner, input, result.issues));
  const value: unknown = result.value;
  if (!isJsonObject(value) || !isJsonValue(value)) throw createNotJson(owner);
  // A copy, because the schema may hand back the caller's own objects.
  return deepFreeze(structuredClone(value));
}

/** Schemas describe a missing parameter in many ways. */
function sayMissing(
  { parameters }: ParametersOwner,
  input: unknown,
  issues: readonly ParameterIssue[],
): readonly ParameterIssue[] {
  const given = isJsonObject(input) ? input : {};
  return issues.map(({ path, message }) => {
    const isMissing = parameters[path]?.required === true && !Object.hasOwn(given, path);
    return { path, message: isMissing ? 'is missing' : message };
  });
}

function createInvalid(owner: ParametersOwner, issues: readonly ParameterIssue[]): Error {
  const told = issues.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`));
  const names = Object.keys(owner.parameters);
  return createEngineError('PARAMETERS_INVALID', {
    message: `The parameters of ${owner.title} do not fit: ${told.join('; ')}.`,
    remedy: names.length === 0 ? 'It takes none.' : `It takes: ${names.join(', ')}.`,
    facts: { of: owner.title, issues: issues.map((issue) => ({ ...issue })) },
  });
}

function createNotJson(owner: ParametersOwner): Error {
  return createEngineError('PLUGIN_MISBEHAVED', {
    message: `The schema of ${owner.title} turned its parameters into something that is not plain JSON.`,
    remedy: 'Tell the author of the plugin: schemas of parameters must not transform.',
    facts: { of: owner.title },
  });
}
