import type { JsonValue, Plan } from 'operator-core';
import { createEngineError } from '../engine-error.ts';
import type { GateContext } from '../gate/gate-context.ts';
import type { GatedSubject } from '../subject/gated-subject.ts';
import { createLooker } from '../gate/look.ts';
import { planAction } from '../gate/plan-action.ts';
import { resolveCall } from '../gate/resolve-call.ts';
import type { RunDetails, RunPurpose } from '../ledger/run-record.ts';
import { isOver } from '../ledger/run-state.ts';
import { isAnswerLost } from './conclude-sending.ts';
import { recoverRun } from './recover-run.ts';
import { isCauseUnknown } from './run-detail.ts';
import { requireIntact } from './sealed-plan.ts';

/** Plan that undoes a run, to be applied to the subject with this purpose like any other plan. */
export interface UndoPlan {
  readonly subject: GatedSubject;
  /** The run that is to be undone. */
  readonly run: RunDetails;
  readonly plan: Plan;
  readonly purpose: RunPurpose;
}

/**
 * Plans the inverse of a run from what was recorded. Throws `UNDO_REFUSED` with every reason: nothing
 * to undo, no inverse, the effect is not there any more, or the inverse is refused.
 */
export async function planUndo(
  context: GateContext,
  runId: string,
  signal: AbortSignal | undefined,
): Promise<Omit<UndoPlan, 'subject'>> {
  const ledger = await context.services.openLedger();
  const run = await settled(context, await ledger.runs.get(runId), signal);
  requireIntact(run);
  checkUndoable(run);
  const others = await ledger.runs.list({ of: runId });
  const other = others.find(({ purpose, state }) => purpose.kind === 'undo' && !isOver(state));
  if (other !== undefined) {
    throw refuse(run, `Run ${other.id} is undoing it already.`, { by: other.id });
  }
  // Of a plan that was half sent the whole effect is never there; the inverse says what is to be taken back.
  if (run.state !== 'partly_done') await checkEffect(context, run, signal);
  const { inverse } = run.plan;
  if ('none' in inverse) throw refuse(run, inverse.none, {});
  const call = await resolveCall(context, inverse, signal);
  const planned = await planAction(context, call, { signal });
  if (planned.kind === 'plan') {
    return { run, plan: planned.plan, purpose: { kind: 'undo', of: runId } };
  }
  if (planned.kind === 'nothing_to_do') {
    throw refuse(run, planned.summary, { nothingToDo: planned.facts });
  }
  const { refusal } = planned;
  throw refuse(run, `${refusal.message} (${refusal.code})`, { refusal: { ...refusal } });
}

/** A run of unknown outcome is looked at once more: only an effect of its own is undone. */
async function settled(
  context: GateContext,
  run: RunDetails,
  signal: AbortSignal | undefined,
): Promise<RunDetails> {
  if (run.state !== 'unknown' || isCauseUnknown(run)) return run;
  await recoverRun(context, run.id, { signal, patienceMs: 0 });
  return (await context.services.openLedger()).runs.get(run.id);
}

const UNDOABLE: readonly string[] = ['succeeded', 'partly_done', 'ineffective', 'unknown'];

function checkUndoable(run: RunDetails): void {
  const { inverse } = run.plan;
  if ('none' in inverse) throw refuse(run, inverse.none, { none: inverse.none });
  if (isCauseUnknown(run)) {
    throw refuse(run, `${run.reason ?? ''} Undoing it might take back the work of another.`, {});
  }
  if (UNDOABLE.includes(run.state)) return;
  throw refuse(run, `It is ${run.state}: there is nothing to undo.`, { state: run.state });
}

/** Requires that the effect of the run is still there and unchanged. */
async function checkEffect(
  context: GateContext,
  run: RunDetails,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { plan } = run;
  const call = await resolveCall(context, plan, signal);
  const connection = await context.connect(signal);
  const sentAt = Date.parse(run.requests[0]?.intendedAt ?? '') || null;
  const answerLost = isAnswerLost(run.requests.map(({ result }) => result));
  const options = { connection, plan, sentAt, answerLost, signal };
  const look = createLooker(context, call, options);
  const { verification, error } = await look();
  if (verification === null) throw error;
  if (verification.state === 'reached') return;
  const isUnknown = verification.state === 'unknown';
  const what = isUnknown
    ? 'It is not known now if its effect is there'
    : 'Its effect is not there (any more)';
  throw refuse(run, `${what}: ${verification.summary}`, {
    seen: verification.facts,
  });
}

function refuse(
  run: RunDetails,
  reason: string,
  facts: Readonly<Record<string, JsonValue>>,
): Error {
  return createEngineError('UNDO_REFUSED', {
    message: `Run ${run.id} (${run.summary}) cannot be undone: ${reason}`,
    remedy: 'Look at the state of the system, and plan what you want it to be.',
    facts: { runId: run.id, reasons: [reason], ...facts },
  });
}
