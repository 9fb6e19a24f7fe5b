import { describeObservations, nearestNames } from 'operator-core';
import type { JsonObject, JsonValue, ObservationDefinition, View } from 'operator-core';
import { findNamed } from '../planning/find-named.ts';
import type { GateContext } from '../subject/gate-context.ts';
import { parseParameters } from '../planning/parameters.ts';
import { ROW_COUNT } from './condition.ts';
import type { Condition, ConditionText } from './condition.ts';
import { createInvalid, parseCondition } from './parse-condition.ts';
import { toNumber } from './to-number.ts';

/**
 * A typed condition on an observation of the plugin. Reads nothing of the system. Throws `CONDITION_INVALID`,
 * `OBSERVATION_NOT_FOUND` and `PARAMETERS_INVALID`, each with the names that there are.
 */
export async function resolveCondition(
  { loaded, limits }: GateContext,
  text: string,
  signal: AbortSignal | undefined,
): Promise<Condition> {
  const parsed = parseCondition(text);
  const { observations } = loaded.plugin;
  const of = { code: 'OBSERVATION_NOT_FOUND', of: 'observation' } as const;
  const observation = findNamed(parsed.observation, observations, of);
  const definition = findNamed(parsed.observation, describeObservations(observations), of);
  const view = checkFields(parsed, definition);
  checkValue(parsed);
  const parameters = await parseParameters(
    {
      title: `observation ${definition.name}`,
      schema: observation.parameters,
      parameters: definition.parameters,
    },
    toParameters(parsed, definition),
    { limitMs: limits.readMs, signal },
  );
  return { ...parsed, observation, parameters, view };
}

/** The view, when field and row of the condition are in it. */
function checkFields(parsed: ConditionText, { name, view }: ObservationDefinition): View {
  const { text, field, row } = parsed;
  if (view === undefined) {
    throw createInvalid(text, `${name} names no fields`, 'a condition on another observation');
  }
  const keys = view.columns.map(({ key }) => key);
  if (view.rows === undefined) {
    if (row !== null) throw createInvalid(text, `${name} has no rows`, `${name}.FIELD=VALUE`);
    requireField(text, field, keys);
    return view;
  }
  if (row !== null) requireField(text, row.key, keys);
  if (field === ROW_COUNT) return view;
  requireField(text, field, [ROW_COUNT, ...keys]);
  if (row !== null) return view;
  const expected = `${name}[${keys[0] ?? 'FIELD'}=VALUE].${field}, or ${name}.${ROW_COUNT} for their number`;
  throw createInvalid(text, `${name} has many rows, and none is chosen`, expected);
}

function requireField(text: string, field: string, fields: readonly string[]): void {
  if (fields.includes(field)) return;
  const nearest = nearestNames(field, fields);
  const expected = nearest.length > 0 ? nearest.join(' or ') : `one of ${fields.join(', ')}`;
  throw createInvalid(text, `there is no field ${field}`, expected);
}

function checkValue({ text, field, operator, value }: ConditionText): void {
  const needsNumber = field === ROW_COUNT || (operator !== '=' && operator !== '!=');
  if (!needsNumber || toNumber(value) !== null) return;
  throw createInvalid(text, `${JSON.stringify(value)} is no number`, 'a number as 0, 12 or 0.5');
}

/** Texts as the values that the parameters take. What does not fit is refused by their schema. */
function toParameters({ parameters }: ConditionText, of: ObservationDefinition): JsonObject {
  return Object.fromEntries(
    Object.entries(parameters).map(([name, text]) => [
      name,
      toValue(text, of.parameters[name]?.type ?? 'string'),
    ]),
  );
}

function toValue(text: string, type: string): JsonValue {
  if (type === 'boolean' && (text === 'true' || text === 'false')) return text === 'true';
  if (type === 'integer' || type === 'number') return toNumber(text) ?? text;
  return text;
}
