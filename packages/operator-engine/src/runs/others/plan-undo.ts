import { toRefusalDocument } from '../../errors/refusal-document.ts';
import type { GateContext } from '../../subject/gate-context.ts';
import { inverseOf } from '../../planning/captures.ts';
import { planAction } from '../../planning/plan-action.ts';
import type { PlanActionOptions } from '../../planning/plan-action.ts';
import { resolveCall } from '../../planning/resolve-call.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { RunDetails, RunPurpose } from '../../ledger/run-record.ts';
import { isOver, isOwned, isWaiting } from '../../ledger/run-state.ts';
import { isUntouched } from '../execute/conclude-sending.ts';
import { UNRECORDED } from '../execute/journal.ts';
import { lookAtEffect, tryToLook } from '../recover/look-at-effect.ts';
import { recoverRun } from '../execute-run.ts';
import { isCauseUnknown } from '../execute/stored-outcome.ts';
import { trustRun } from '../../planning/sealed-plan.ts';
import type { TrustedPlan } from '../../planning/trusted-plan.ts';
import { refuseUnderWay, refuseUndo, refuseWaiting } from './undo-refusals.ts';

/** A planned undo: the run, the plan of its inverse, and the purpose of applying it. */
export interface PlannedUndo {
  /** The run to undo. */
  readonly run: RunDetails;
  readonly plan: TrustedPlan;
  readonly purpose: RunPurpose;
}

/**
 * Plans the inverse of a run from what was recorded. A run without a living owner is settled by reading first.
 * Throws `UNDO_REFUSED` with every reason: under way, never sent, no inverse, the effect is not there, or the
 * inverse is refused.
 */
export async function planUndo(
  context: GateContext,
  runId: string,
  { signal, isConfirmed }: Pick<PlanActionOptions, 'signal' | 'isConfirmed'>,
): Promise<PlannedUndo> {
  const ledger = await context.services.openLedger();
  const { run: found, seen } = await reconcile(context, await ledger.runs.get(runId), signal);
  const run = trustRun(found);
  await requireOver(ledger, run, seen);
  const inverse = inverseOf(run);
  if ('none' in inverse) throw refuseUndo(run, inverse.none, { facts: { none: inverse.none } });
  if (isCauseUnknown(run)) {
    throw refuseUndo(
      run,
      `${run.reason ?? ''} Undoing it might revert the change of another user.`,
    );
  }
  await requireOwnEffect(context, run, signal);
  const others = await ledger.runs.list({ of: runId });
  const other = others.find(({ purpose, state }) => purpose.kind === 'undo' && !isOver(state));
  if (other !== undefined) {
    throw refuseUndo(run, `Run ${other.id} is undoing it already.`, { facts: { by: other.id } });
  }
  const call = await resolveCall(context, inverse, signal);
  const planned = await planAction(context, call, { signal, isConfirmed });
  if (planned.kind === 'plan') {
    return { run, plan: planned.plan, purpose: { kind: 'undo', of: runId } };
  }
  if (planned.kind === 'nothing_to_do') {
    throw refuseUndo(run, planned.summary, { facts: { nothingToDo: planned.facts } });
  }
  const { refusal } = planned;
  const facts = { refusal: toRefusalDocument(refusal) };
  throw refuseUndo(run, `${refusal.message} (${refusal.code})`, { facts });
}

/** Reconciles a run without a living owner, or of unknown outcome, before its undo: the recorded state may be out of date. */
async function reconcile(
  context: GateContext,
  run: RunDetails,
  signal: AbortSignal | undefined,
): Promise<{ readonly run: RunDetails; readonly seen: string | null }> {
  const isOpen = isOwned(run.state) || (run.state === 'unknown' && !isCauseUnknown(run));
  if (!isOpen) return { run, seen: null };
  const looked = await recoverRun(context, run.id, { signal, patienceMs: 0 });
  const { runs } = await context.services.openLedger();
  return { run: await runs.get(run.id), seen: looked?.summary ?? null };
}

/** `seen`: the look at a run without a living owner. */
async function requireOver({ runs }: Ledger, run: RunDetails, seen: string | null): Promise<void> {
  if (isWaiting(run.state)) throw refuseWaiting(run);
  if (!isOwned(run.state)) return;
  const abandoned = await runs.abandoned();
  const isAbandoned = abandoned.some(({ id }) => id === run.id);
  throw refuseUnderWay(run, { isAbandoned, seen });
}

const UNDOABLE: readonly string[] = ['succeeded', 'partly_done', 'ineffective', 'unknown'];

/**
 * Requires that the effect of the run is in force and caused by it. The rest is read from the system, not from
 * the run's state.
 */
async function requireOwnEffect(
  context: GateContext,
  run: RunDetails,
  signal: AbortSignal | undefined,
): Promise<void> {
  const before = await describeEnd(context, run);
  if (before === null) return requireEffect(context, run, signal);
  if (isUntouched(run.requests.map(({ result }) => result ?? UNRECORDED))) {
    throw refuseUndo(run, `${before} Nothing of it was sent.`);
  }
  const { seen, summary, facts } = await tryToLook(context, run, signal);
  const now = {
    there: `Such an effect is there now, and its cause is unknown: ${summary}`,
    not_there: `Its effect is not there now: ${summary}`,
    unknown: `It is unknown if its effect is there now: ${summary}`,
  }[seen];
  throw refuseUndo(run, `${before} ${now}`, { facts: { seen: facts } });
}

/** Reason for which an effect that exists now cannot be the run's; `null`: it may be. */
async function describeEnd(
  { services }: GateContext,
  { id, state, lease }: RunDetails,
): Promise<string | null> {
  if (state === 'undone') {
    const states = ['succeeded'] as const;
    const made = await (await services.openLedger()).runs.list({ of: id, states });
    const by = made.find(({ purpose }) => ['undo', 'lease_end'].includes(purpose.kind));
    return by === undefined ? 'It was undone.' : `Run ${by.id} has undone it.`;
  }
  if (!UNDOABLE.includes(state)) return `It is ${state}.`;
  const isGone = lease?.state === 'lost' || lease?.state === 'ended';
  return isGone ? `Its lease is ${lease.state} (${lease.reason ?? 'no reason was kept'}).` : null;
}

/** Requires that the effect of the run is in force; the effect of a partly sent plan never is as a whole. */
async function requireEffect(
  context: GateContext,
  run: RunDetails,
  signal: AbortSignal | undefined,
): Promise<void> {
  if (run.state === 'partly_done') return;
  const { seen, summary, facts } = await lookAtEffect(context, run, signal);
  if (seen === 'there') return;
  const what =
    seen === 'unknown'
      ? 'It is not known now if its effect is there'
      : 'Its effect is not there (any more)';
  throw refuseUndo(run, `${what}: ${summary}`, { facts: { seen: facts } });
}
