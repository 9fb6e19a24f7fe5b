import { OperatorError } from 'operator-core';
import { checkSystem } from '../../planning/check-plan.ts';
import type { CarryOutPlan } from './cancel-effect.ts';
import { concludeSending, isUntouched } from './conclude-sending.ts';
import type { Conclusion } from './conclude-sending.ts';
import { executeOwn } from './execute-own.ts';
import { RequestSender } from './request-sender.ts';
import type { EventContent, RunEvent, Steps } from '../../events/run-event.ts';
import type { RunResult } from '../../events/run-result.ts';
import { identifySystem } from '../../planning/draft-action.ts';
import type { CheckedPlan } from './checked-plan.ts';
import { sendInOrder } from './send-requests.ts';
import { isAborted } from '../../base/signals.ts';
import type { RunRecord } from '../../ledger/run-record.ts';
import { endRun, releaseRun } from './end-run.ts';
import type { OwnedRun, SentAt } from './owned-run.ts';
import { errorOfStop, withRun } from './run-errors.ts';
import { verifyRun } from './verify-run.ts';

/**
 * Sends what a claimed run has planned and proves its effect. `run`: its row after the claim. `checked`: its
 * requests from the last planning, whose targets count as well, and the time of that reading. It throws only when nothing was sent. At every
 * exit the recorded state of the run is true.
 */
export async function* carryOut(
  owned: OwnedRun,
  { run, checked }: { readonly run: RunRecord; readonly checked: CheckedPlan },
  carryOutPlan: CarryOutPlan,
): Steps<RunResult> {
  const sent: SentAt = { at: owned.context.services.clock.now(), startedAt: performance.now() };
  return yield* guarded(owned, sent, async function* steps() {
    yield await announce(owned, run);
    const { stopCause, violation } = yield* send(owned, checked);
    const { results } = owned.journal;
    if (stopCause?.kind === 'fenced') {
      throw errorOfStop(stopCause, `Run ${owned.journal.runId} was not carried on.`);
    }
    const cause = stopCause ?? (isAborted(owned.signal) ? ({ kind: 'caller' } as const) : null);
    const conclusion = concludeSending(owned.plan, results, {
      ...owned,
      cause,
      violation,
    });
    if (conclusion !== null) return concluded(owned, sent, conclusion);
    await owned.journal.move('verifying', 'Everything was sent; verifying the effect.');
    const cancel = stopCause?.kind === 'cancelled' ? stopCause.cancel : null;
    const { firstLookMs } = owned.context.limits;
    return yield* verifyRun(owned, { sent, cancel, firstLookMs }, carryOutPlan);
  });
}

/** Runs steps of an owned run, and makes the recorded state of the run true at every exit from them. */
export async function* guarded(
  owned: OwnedRun,
  sent: SentAt,
  steps: () => Steps<RunResult>,
): Steps<RunResult> {
  let isEnded = false;
  try {
    const result = yield* steps();
    isEnded = true;
    return result;
  } catch (error) {
    isEnded = true;
    if (!OperatorError.isInstance(error)) {
      await releaseRun(owned, null);
      throw error;
    }
    const told = withRun(error, owned.journal.runId);
    const result = await releaseRun(owned, { error: told, sent });
    if (result === null) throw told;
    return result;
  } finally {
    // The caller has stopped asking.
    if (!isEnded) await releaseRun(owned, null);
  }
}

async function concluded(
  owned: OwnedRun,
  sent: SentAt,
  conclusion: Conclusion,
): Promise<RunResult> {
  const { journal } = owned;
  if (conclusion.state === 'verifying') await journal.move('verifying', conclusion.summary);
  const result = await endRun(owned, { sent, conclusion, verification: null });
  // A run that ended before sending throws, as a run that never started does.
  const isUnsent = conclusion.state === 'cancelled' && isUntouched(journal.results);
  if (isUnsent && result.error !== null) throw result.error;
  return result;
}

async function announce(
  { ledger, plan, journal }: OwnedRun,
  run: RunRecord,
): Promise<EventContent<RunEvent>> {
  const { runId, fence } = journal;
  const lease = plan.standingEffect === null ? null : await ledger.leases.get(runId);
  return { kind: 'claimed', run, fence, lease };
}

async function* send(
  owned: OwnedRun,
  { requests: checked, readAt }: CheckedPlan,
): Steps<Pick<RequestSender, 'stopCause' | 'violation'>> {
  const { context, call, journal, signal } = owned;
  const { limits } = context;
  const connection = await context.connect(signal);
  const { plan } = owned;
  const confirmSystem = async (): Promise<void> =>
    checkSystem(plan, await identifySystem(context, connection, signal));
  const { secrets } = call;
  const leaveBy = readAt + limits.sendWithinMs;
  const options = { plan, checked, leaveBy, journal, limits, secrets, signal, confirmSystem };
  const sender = new RequestSender(connection, options);
  const { action } = call;
  const limitMs = plan.requests
    .map(({ timeoutMs = limits.sendMs }) => timeoutMs)
    .reduce((sum, one) => sum + one, limits.sendMs);
  yield* action.execute === undefined
    ? sendInOrder(plan, sender, signal)
    : executeOwn(action, plan, { sender, limitMs, signal });
  const { stopCause, violation } = sender;
  return { stopCause, violation };
}
