import { OperatorError } from 'operator-core';
import type { ConditionReading, RunCondition } from '../../ledger/run-condition.ts';
import { readConditionText } from '../../conditions/read-condition.ts';
import { pause } from '../../base/signals.ts';
import type { Steps } from '../../events/run-event.ts';
import type { RunResult } from '../../events/run-result.ts';
import { concludeCondition } from './conclude-condition.ts';
import type { ConditionEnd, ProvenEffect } from './conclude-condition.ts';
import { endRun } from './end-run.ts';
import { SignalPoller } from './signal-poller.ts';
import type { OwnedRun } from './owned-run.ts';
import { errorOfStop } from './run-errors.ts';
import { parseStoredOutcome, verificationDocument } from './stored-outcome.ts';

/** Name of the note about a proven effect while the run waits for its condition. */
const CONDITION_NOTE = 'awaiting_condition';

/** Notes that the effect is proven, so that a later owner waits only for the condition; then waits for it. */
export async function* beginCondition(
  owned: OwnedRun,
  condition: RunCondition,
  reached: Omit<ProvenEffect, 'since'>,
): Steps<RunResult> {
  const { text, withinMs } = condition;
  const verification = verificationDocument(reached.verification);
  await owned.journal.note(CONDITION_NOTE, { condition: text, withinMs, verification });
  return yield* awaitCondition(owned, condition, { ...reached, since: performance.now() });
}

/** The proven effect of a run whose owner died while it waited for the condition; `null` for any other. */
export async function findProven(
  { ledger, journal, context }: OwnedRun,
  { sent, patienceMs }: Pick<ProvenEffect, 'sent' | 'patienceMs'>,
): Promise<ProvenEffect | null> {
  const entries = await ledger.runs.events(journal.runId);
  const note = entries.findLast(
    ({ kind, details }) => kind === 'run_noted' && details['what'] === CONDITION_NOTE,
  );
  const verification = note === undefined ? null : parseStoredOutcome(note.details).verification;
  if (note === undefined || verification === null) return null;
  const elapsedMs = Math.max(0, context.services.clock.now() - Date.parse(note.at));
  return { sent, verification, since: performance.now() - elapsedMs, patienceMs };
}

/** Reads the condition of a run whose effect is proven, until it holds or its time is over, and ends the run. */
export async function* awaitCondition(
  owned: OwnedRun,
  condition: RunCondition,
  proven: ProvenEffect,
): Steps<RunResult> {
  const { journal, context, signal } = owned;
  const everyMs = context.limits.followMs;
  using poller = new SignalPoller(journal, { signal, everyMs, endsOnCancel: true });
  const last = yield* readUntil(owned, { condition, proven, signal: poller.signal });
  const { cause } = poller;
  if (last.end === 'interrupted' && cause?.kind === 'fenced') {
    throw errorOfStop(cause, `The condition of run ${journal.runId}.`);
  }
  const isCancelled = last.end === 'interrupted' && cause?.kind === 'cancelled';
  const end: ConditionEnd = isCancelled
    ? { ...last, end: 'cancelled', by: cause.cancel.by.name }
    : last;
  const conclusion = concludeCondition(owned, { condition, proven, end });
  const { sent, verification } = proven;
  return endRun(owned, { sent, conclusion, verification });
}

interface Reading {
  readonly condition: RunCondition;
  readonly proven: ProvenEffect;
  readonly signal: AbortSignal;
}

type LastReading = Extract<ConditionEnd, { end: 'over' | 'early' | 'interrupted' }>;

async function* readUntil(owned: OwnedRun, wait: Reading): Steps<LastReading> {
  const { condition, proven, signal } = wait;
  const { text, withinMs } = condition;
  const { limits } = owned.context;
  const overAt = proven.since + withinMs;
  const endsAt = Math.min(overAt, performance.now() + (proven.patienceMs ?? Infinity));
  let pauseMs = limits.pollMs;
  for (;;) {
    const reading = await readOnce(owned, condition, signal);
    if (reading === null) return { end: 'interrupted', reading: null };
    const now = performance.now();
    const elapsedMs = Math.round(now - proven.since);
    yield { kind: 'condition', text, ...reading, elapsedMs, withinMs };
    if (reading.holds === true || now >= overAt) return { end: 'over', reading };
    if (now >= endsAt) return { end: 'early', reading };
    const isGoingOn = await pause(Math.min(pauseMs, Math.max(0, endsAt - now)), signal);
    if (!isGoingOn) return { end: 'interrupted', reading };
    pauseMs = Math.min(pauseMs * 1.5, limits.pollMaxMs);
  }
}

/** `null` when the owner must stop. */
async function readOnce(
  { context }: OwnedRun,
  { text }: RunCondition,
  signal: AbortSignal,
): Promise<ConditionReading | null> {
  try {
    return await readConditionText(context, text, signal);
  } catch (error) {
    if (!OperatorError.isInstance(error)) throw error;
    return null;
  }
}
