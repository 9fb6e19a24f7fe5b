import { isJsonObject } from 'operator-core';
import type { JsonObject, JsonValue } from 'operator-core';
import type { AuditEntry } from 'operator-engine';
import { formatActor, formatCode, formatInstant } from './ledger-words.ts';
import { printableLine } from './printable.ts';
import { formatValue } from './value.ts';

/** Options of a timeline: `isMixed` puts run and number before each line. */
export interface TimelineOptions {
  readonly isMixed: boolean;
}

/** Entries of the audit, a line each: time, event, actor. */
export function formatEntries(
  entries: readonly AuditEntry[],
  { isMixed }: TimelineOptions,
): readonly string[] {
  return entries.map((entry) => {
    const run = isMixed ? `${String(entry.sequence).padStart(6)}  ` : '';
    const which = isMixed && entry.runId !== null ? `  [${entry.runId}]` : '';
    return `${run}${formatInstant(entry.at)}  ${describeEntry(entry)}${which}`;
  });
}

/** One entry as a phrase. */
export function describeEntry({ kind, actor, reason, details }: AuditEntry): string {
  const told = TELLERS[kind]?.(details);
  const why = reason === null ? '' : `: ${printableLine(reason)}`;
  return `${told ?? formatCode(kind)}${why} (by ${formatActor(actor)})`;
}

type Teller = (details: JsonObject) => string;

const TELLERS: Readonly<Partial<Record<AuditEntry['kind'], Teller>>> = {
  plan_refused: ({ action, subject, code }) =>
    `refused without a run: ${formatValue(action)} on ${formatValue(subject)}, ${formatValue(code)}`,
  path_trusted: ({ path, isTrusted }) =>
    `${isTrusted === true ? 'trusted' : 'no longer trusted'}: ${formatValue(path)}`,
  run_created: ({ summary }) => `asked for: ${formatValue(summary)}`,
  run_moved: ({ from, to }) => `${word(from)} → ${word(to)}`,
  run_noted: describeNote,
  run_taken_over: ({ from }) => `taken over from a runner that is gone (${formatValue(from)})`,
  claim_refused: () => 'not begun',
  request_intended: (details) => `about to send ${describeRequest(details)}`,
  request_settled: ({ index, result }) => `request ${place(index)} ${describeResult(result)}`,
  request_stopped: ({ index }) => `request ${place(index)} stopped before it was sent`,
  approval_given: ({ given, needed }) =>
    `approved, ${formatValue(given)} of ${formatValue(needed)}`,
  approval_refused: () => 'an approval did not count',
  lease_planned: (details) => `lease written: ${describeEffect(details)}`,
  lease_moved: (details) =>
    `lease ${describeEffect(details)}: ${word(details['from'])} → ${word(details['to'])}`,
  lease_extended: ({ to }) =>
    `lease runs until ${typeof to === 'string' ? formatInstant(to) : 'it is ended'}`,
  mode_changed: ({ from, to }) => `mode ${word(from)} → ${word(to)}`,
  stopped: ({ allowsCancels }) =>
    allowsCancels === true ? 'everything stopped, cancels excepted' : 'everything stopped',
};

/** Note by the owner of a run: result of a cancel. */
function describeNote({ what, ...note }: JsonObject): string {
  if (what === 'awaiting_condition') {
    return `the effect is proven; waiting for ${formatValue(note['condition'])}`;
  }
  if (what !== 'cancelling') return `noted: ${formatValue(what)}`;
  const { isDone, action, runId, summary, nothingToDo, none, refused, error } = note;
  const by = action === undefined ? '' : ` by ${formatValue(action)}`;
  const run = runId === undefined ? '' : ` (run ${formatValue(runId)})`;
  if (nothingToDo !== undefined) return `nothing to cancel: ${formatValue(nothingToDo)}`;
  if (isDone === true) return `what the system had in progress is cancelled${by}${run}`;
  const told = [refused, error].find(isJsonObject)?.['message'];
  const why = none ?? told ?? summary ?? 'no reason recorded';
  return `not cancelled${by}${run}: ${formatValue(why)}`;
}

function describeRequest(details: JsonObject): string {
  const { index, request, purpose } = details;
  return `${place(index)}: ${formatValue(purpose)} (${formatValue(request)})`;
}

function describeResult(result: JsonValue | undefined): string {
  if (!isJsonObject(result)) return 'settled';
  const { outcome, status, answer, reason } = result;
  const said =
    typeof answer === 'string'
      ? `${status === undefined ? '' : `${formatValue(status)}: `}${answer.trim()}`
      : reason;
  return `${word(outcome)} (${formatValue(said)})`;
}

function describeEffect({ effect, resource }: JsonObject): string {
  return `${formatValue(effect)} on ${formatValue(resource)}`;
}

function place(index: JsonValue | undefined): string {
  return typeof index === 'number' ? String(index + 1) : '?';
}

function word(code: JsonValue | undefined): string {
  return formatCode(formatValue(code));
}
