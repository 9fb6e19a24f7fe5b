import { OperatorError } from 'operator-core';
import type { Inverse, JsonObject, Plan, Verification } from 'operator-core';
import { createEngineError } from '../../errors/engine-error.ts';
import { toRefusalDocument } from '../../errors/refusal-document.ts';
import type { Conclusion } from './conclude-sending.ts';
import { inverseSchema } from '../../subject/answer-schemas.ts';
import { parseAnswer } from '../../subject/parse-answer.ts';
import { capturedOf, fillInverse } from '../../planning/captures.ts';
import type { Captured } from '../../planning/captures.ts';
import { planAction } from '../../planning/plan-action.ts';
import { resolveCall } from '../../planning/resolve-call.ts';
import type { Steps } from '../../events/run-event.ts';
import type { RunResult } from '../../events/run-result.ts';
import { isClosed } from '../../ledger/lease.ts';
import type { Actor } from '../../ledger/actor.ts';
import type { CancelRequest, RunPurpose } from '../../ledger/run-record.ts';
import type { TrustedPlan } from '../../planning/trusted-plan.ts';
import type { GateContext } from '../../subject/gate-context.ts';
import { callPlugin } from '../../plugin/call-plugin.ts';
import { endRun } from './end-run.ts';
import { lookOnce } from './look-once.ts';
import type { OwnedRun, SentAt } from './owned-run.ts';
import { verificationDocument } from './stored-outcome.ts';

/** Purpose and requester of a run that the engine starts itself: the end of a lease, a cancel. */
export interface EngineRunOptions {
  readonly requester: Actor;
  readonly purpose: RunPurpose;
  readonly signal?: AbortSignal | undefined;
  readonly patienceMs?: number;
}

/**
 * Requests and carries out a plan to its end. A cancel is a run of its own. The function that carries runs out
 * lies in a layer above, so it comes as a parameter.
 */
export type CarryOutPlan = (
  context: GateContext,
  plan: TrustedPlan,
  request: EngineRunOptions,
) => Promise<RunResult>;

/** Name of the note with the result of a cancel. */
export const CANCEL_NOTE = 'cancelling';

/** Result of taking back an effect in progress. */
interface CancelAttempt {
  /** True when the system has nothing of it in progress. */
  readonly isDone: boolean;
  readonly told: JsonObject;
}

/**
 * Takes back the work of a run that the system has not finished, in the action's own way, and reports what
 * remains. `null` when there is no such way or it is too late: then only further reading shows the result.
 */
export async function* cancelEffect(
  owned: OwnedRun,
  { sent, cancel }: { sent: SentAt; cancel: CancelRequest },
  carryOutPlan: CarryOutPlan,
): Steps<RunResult | null> {
  const way = await wayOf({ ...owned, captured: capturedOf(owned.journal.results) });
  const { by, reason } = cancel;
  yield { kind: 'cancelling', by, reason, action: 'action' in way ? way.action : null };
  const attempt = await runCancel(owned, { way, cancel }, carryOutPlan);
  const { isDone, told } = attempt;
  await owned.journal.note(CANCEL_NOTE, { isDone, ...told });
  if (!isDone) return null;
  const seen = await lookOnce(owned, sent);
  if (seen === null || seen.state === 'reached') return null;
  const result = await endRun(owned, {
    sent,
    conclusion: concludeCancelled(owned, { cancel, seen, attempt }),
    verification: seen,
  });
  return { ...result, lease: await closeLease(owned, way, cancel) };
}

/** The action's own way; a standing effect is taken back by its inverse. */
export async function wayOf({
  context,
  call,
  plan,
  captured,
}: Pick<OwnedRun, 'context' | 'call'> & {
  readonly plan: Plan;
  readonly captured: Captured;
}): Promise<Inverse> {
  const { action, parameters } = call;
  const none = `${plan.action} cannot be cancelled while the system has it in progress`;
  if (action.cancel === undefined) {
    return plan.standingEffect === null ? { none } : fillInverse(plan, captured);
  }
  const what = `asking how ${plan.action} is cancelled`;
  try {
    const limitMs = context.limits.readMs;
    const { context: planned = null } = plan;
    const answer = await callPlugin({ what, limitMs }, () =>
      action.cancel?.({ parameters, plan, context: planned, captured }),
    );
    return parseAnswer(inverseSchema(), answer, `the cancel of action ${plan.action}`);
  } catch (error) {
    if (!OperatorError.isInstance(error)) throw error;
    return { none: error.message };
  }
}

async function runCancel(
  owned: OwnedRun,
  { way, cancel }: { way: Inverse; cancel: CancelRequest },
  carryOutPlan: CarryOutPlan,
): Promise<CancelAttempt> {
  if ('none' in way) return { isDone: false, told: { none: way.none } };
  const { context, journal } = owned;
  const { action } = way;
  try {
    const call = await resolveCall(context, way, undefined);
    const planned = await planAction(context, call);
    if (planned.kind === 'nothing_to_do') {
      return { isDone: true, told: { action, nothingToDo: planned.summary } };
    }
    if (planned.kind === 'refused') {
      return { isDone: false, told: { action, refused: toRefusalDocument(planned.refusal) } };
    }
    const result = await carryOutPlan(context, planned.plan, {
      requester: cancel.by,
      purpose: { kind: 'cancel', of: journal.runId },
    });
    const { runId, state, summary } = result;
    return { isDone: state === 'succeeded', told: { action, runId, state, summary } };
  } catch (error) {
    if (!OperatorError.isInstance(error)) throw error;
    return { isDone: false, told: { action, error: { ...error.toJSON() } } };
  }
}

function concludeCancelled(
  { plan, journal }: OwnedRun,
  { cancel, seen, attempt }: { cancel: CancelRequest; seen: Verification; attempt: CancelAttempt },
): Conclusion {
  const error = createEngineError('EFFECT_CANCELLED', {
    message: `${cancel.by.name} cancelled the run after something had been sent: ${cancel.reason}. What remains: ${seen.summary}`,
    remedy: 'Look at the state of the system before planning again.',
    facts: {
      runId: journal.runId,
      action: plan.action,
      by: { ...cancel.by },
      reason: cancel.reason,
      attempt: attempt.told,
      remains: verificationDocument(seen),
    },
  });
  return { state: 'cancelled', summary: error.message, error };
}

/** Closes the lease of a standing effect that the cancel has removed. */
async function closeLease(
  owned: OwnedRun,
  way: Inverse,
  cancel: CancelRequest,
): Promise<RunResult['lease']> {
  const { plan, ledger, journal } = owned;
  if (plan.standingEffect === null) return null;
  const { inverse } = plan;
  const isInverse = 'action' in way && 'action' in inverse && way.action === inverse.action;
  const lease = await ledger.leases.get(journal.runId);
  if (!isInverse || isClosed(lease.state)) return lease;
  const reason = `cancelled by ${cancel.by.name}: ${cancel.reason}`;
  return ledger.leases.close(journal.runId, { state: 'ended', by: cancel.by, reason });
}
