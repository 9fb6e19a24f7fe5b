import {
  createMisbehaved,
  isJsonObject,
  isJsonValue,
  validateParameters,
  viewIssues,
} from 'operator-core';
import type { JsonObject, JsonValue, Observation } from 'operator-core';
import type { GateContext } from './gate-context.ts';

const LONGEST_CURSOR = 4096;

/** Result of an observation. */
export interface ObservationResult {
  /** The subject's name in the configuration. */
  readonly subject: string;
  readonly observation: string;
  /** Validated, with defaults applied. */
  readonly parameters: JsonObject;
  /** RFC 3339, UTC: when the answer was complete. */
  readonly readAt: string;
  readonly value: JsonValue;
}

/** Reads an observation and checks that the answer is plain JSON that has what its view names. */
export async function observeSubject(
  context: GateContext,
  call: { observation: Observation; parameters: JsonObject },
  signal: AbortSignal | undefined,
): Promise<ObservationResult> {
  const { observation, parameters } = call;
  const connection = await context.connect(signal);
  const what = `reading ${observation.name}`;
  const value = await connection.read(
    { what, limitMs: context.limits.readMs, signal },
    (subject, inner) => observation.read({ parameters, subject, signal: inner }),
  );
  if (!isJsonValue(value)) {
    throw createMisbehaved(`observation ${observation.name}`, ['the answer is not plain JSON']);
  }
  await checkResult(observation, value);
  checkView(observation, value);
  checkPage(observation, { parameters, value });
  return {
    subject: context.subjectName,
    observation: observation.name,
    parameters,
    readAt: context.services.clock.iso(),
    value,
  };
}

async function checkResult({ name, result }: Observation, value: JsonValue): Promise<void> {
  if (result === undefined) return;
  const checked = await validateParameters(result, value);
  if (checked.ok) return;
  const issues = checked.issues.map(({ path, message }) => `${path || 'the value'}: ${message}`);
  throw createMisbehaved(`observation ${name}`, issues);
}

/** Checks that a page has at most the requested rows, and that its next cursor differs from its own. */
function checkPage(
  { name, pages }: Observation,
  { parameters, value }: { parameters: JsonObject; value: JsonValue },
): void {
  if (pages === undefined) return;
  const page = isJsonObject(value) ? value : {};
  const { [pages.rows]: rows, [pages.next]: next } = page;
  const limit = parameters[pages.limit];
  const isCursor = typeof next === 'string' && next !== '' && next.length <= LONGEST_CURSOR;
  const count = Array.isArray(rows) ? rows.length : null;
  const issues = [
    ...(count === null ? [`${pages.rows} must be a list`] : []),
    ...(typeof limit === 'number' && (count ?? 0) > limit
      ? [`${pages.rows} has ${count} rows, more than ${limit}`]
      : []),
    ...(next === null || isCursor ? [] : [`${pages.next} must be a text or null`]),
    ...(isCursor && next === parameters[pages.cursor]
      ? [`${pages.next} is the cursor of this page, so that the pages never end`]
      : []),
  ];
  if (issues.length > 0) throw createMisbehaved(`observation ${name}`, issues);
}

function checkView({ name, view }: Observation, value: JsonValue): void {
  const issues = view === undefined ? [] : viewIssues(view, value);
  if (issues.length > 0) throw createMisbehaved(`observation ${name}`, issues);
}
