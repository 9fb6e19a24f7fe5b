import {
  concludePartly,
  isAnswerLost,
  isPartlySent,
  sendingFacts,
  unclearReason,
} from './conclude-sending.ts';
import { operations } from '../../errors/operations.ts';
import { concludePolling } from '../../verifying/conclude-polling.ts';
import { capturedOf } from '../../planning/captures.ts';
import { createLooker } from '../../verifying/look.ts';
import type { Steps } from '../../events/run-event.ts';
import type { RunResult } from '../../events/run-result.ts';
import { pollEffect } from '../../verifying/poll-effect.ts';
import type { PollResult } from '../../verifying/poll-effect.ts';
import type { CancelRequest } from '../../ledger/run-record.ts';
import { beginCondition } from './await-condition.ts';
import { cancelEffect } from './cancel-effect.ts';
import type { CarryOutPlan } from './cancel-effect.ts';
import { endRun } from './end-run.ts';
import { judgeCause } from './judge-cause.ts';
import { SignalPoller } from './signal-poller.ts';
import type { StopCause } from './stop-cause.ts';
import { lookOnce } from './look-once.ts';
import type { OwnedRun, SentAt } from './owned-run.ts';
import { errorOfStop } from './run-errors.ts';

/** Options for polling the effect of an owned run. */
export interface VerifyStart {
  readonly sent: SentAt;
  /** A cancel that was requested before the polling began. */
  readonly cancel: CancelRequest | null;
  /** Milliseconds from sending to the first look. */
  readonly firstLookMs: number;
  /** Time to poll from now, when shorter than until the deadline. Default: until the deadline. */
  readonly patienceMs?: number | undefined;
}

/** Polls the effect of a run until it is proven, failed, cancelled or out of time, and ends the run. */
export async function* verifyRun(
  owned: OwnedRun,
  start: VerifyStart,
  carryOutPlan: CarryOutPlan,
): Steps<RunResult> {
  let { cancel, firstLookMs } = start;
  let endsOnCancel = true;
  for (;;) {
    if (cancel !== null) {
      const ended = yield* cancelEffect(owned, { sent: start.sent, cancel }, carryOutPlan);
      if (ended !== null) return ended;
      // There is nothing left to cancel: further reading shows the result.
      endsOnCancel = false;
      if (isPartlySent(owned.journal.results)) return endPartly(owned, start, cancel);
    }
    const { polled, cause } = yield* poll(owned, { ...start, firstLookMs }, endsOnCancel);
    const isInterrupted = polled.end === 'interrupted';
    if (isInterrupted && cause?.kind === 'fenced') {
      const what = `Run ${owned.journal.runId} was not watched to its end.`;
      throw errorOfStop(cause, what);
    }
    if (!isInterrupted || cause?.kind !== 'cancelled') {
      return yield* endVerifying(owned, start, polled);
    }
    ({ cancel } = cause);
    firstLookMs = 0;
  }
}

/** Ends a run that was cancelled between two requests: the rest of the plan is not sent. */
async function endPartly(
  owned: OwnedRun,
  { sent }: VerifyStart,
  { by, reason }: CancelRequest,
): Promise<RunResult> {
  const { plan, journal } = owned;
  const summary = `${by.name} cancelled the run before everything was sent: ${reason}`;
  const rest = { state: 'failed', summary, error: null } as const;
  const verification = await lookOnce(owned, sent);
  const conclusion = concludePartly(plan, journal.results, rest);
  return endRun(owned, { sent, conclusion, verification });
}

async function* poll(
  owned: OwnedRun,
  start: VerifyStart,
  endsOnCancel: boolean,
): Steps<{ polled: PollResult; cause: StopCause | null }> {
  const { context, plan, call, journal, signal } = owned;
  const { limits } = context;
  const connection = await context.connect(undefined);
  using poller = new SignalPoller(journal, { signal, everyMs: limits.followMs, endsOnCancel });
  const look = createLooker(context, call, {
    connection,
    plan,
    captured: capturedOf(journal.results),
    sentAt: start.sent.at,
    answerLost: isAnswerLost(journal.results),
    signal: poller.signal,
  });
  const polled = yield* pollEffect(look, {
    startedAt: start.sent.startedAt,
    firstLookMs: start.firstLookMs,
    deadlineMs: deadlineOf(owned, start),
    settleMs: plan.settleMs,
    answerLost: isAnswerLost(journal.results),
    limits,
    signal: poller.signal,
  });
  return { polled, cause: poller.cause };
}

function deadlineOf({ plan }: OwnedRun, { sent, patienceMs }: VerifyStart): number {
  if (patienceMs === undefined) return plan.deadlineMs;
  return Math.min(plan.deadlineMs, performance.now() - sent.startedAt + patienceMs);
}

async function* endVerifying(
  owned: OwnedRun,
  start: VerifyStart,
  polled: PollResult,
): Steps<RunResult> {
  const { plan, journal } = owned;
  const { results } = journal;
  const { verification: last } = polled;
  if (polled.end === 'reached' && last !== null) {
    const doubtful = await judgeCause(owned, { sent: start.sent, verification: last });
    if (doubtful !== null) {
      return endRun(owned, { sent: start.sent, conclusion: doubtful, verification: last });
    }
    if (owned.condition !== null) {
      const { sent, patienceMs } = start;
      return yield* beginCondition(owned, owned.condition, {
        sent,
        verification: last,
        patienceMs,
      });
    }
  }
  const isEarly = isBeforeDeadline(owned, start);
  const isOpen = polled.end === 'interrupted' || isEarly;
  const { state, summary, error } = concludePolling(polled, {
    unclear: unclearReason(results),
    isOwn: true,
    isLate: !isEarly,
    goOn: isOpen ? operations.watchRun(journal.runId) : operations.recoverRuns,
    facts: { runId: journal.runId, ...sendingFacts(plan, results) },
  });
  const goesOn = state === 'interrupted' || (state === 'unknown' && isEarly);
  const conclusion = { state: goesOn ? ('verifying' as const) : state, summary, error };
  return endRun(owned, { sent: start.sent, conclusion, verification: polled.verification });
}

/** True while the effect may still come in time: until then it is not unknown. */
function isBeforeDeadline({ plan, journal }: OwnedRun, { sent, patienceMs }: VerifyStart): boolean {
  if (patienceMs === undefined || journal.state !== 'verifying') return false;
  return performance.now() - sent.startedAt < plan.deadlineMs;
}
