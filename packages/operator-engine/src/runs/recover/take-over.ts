import { OperatorError } from 'operator-core';
import type { Plan, SendResult } from 'operator-core';
import { createEngineError } from '../../errors/engine-error.ts';
import type { CarryOutPlan } from '../execute/cancel-effect.ts';
import { concludeCancelled, concludeSending } from '../execute/conclude-sending.ts';
import type { Conclusion } from '../execute/conclude-sending.ts';
import type { GateContext } from '../../subject/gate-context.ts';
import { resolveCall } from '../../planning/resolve-call.ts';
import type { Steps } from '../../events/run-event.ts';
import type { RunResult } from '../../events/run-result.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { toRecord } from '../../ledger/run-record.ts';
import type { RunDetails } from '../../ledger/run-record.ts';
import { awaitCondition, beginCondition, findProven } from '../execute/await-condition.ts';
import { guarded } from '../execute/carry-out.ts';
import { endRun } from '../execute/end-run.ts';
import { judgeCause } from '../execute/judge-cause.ts';
import { lookOnce } from '../execute/look-once.ts';
import { Journal } from '../execute/journal.ts';
import type { OwnedRun, SentAt } from '../execute/owned-run.ts';
import type { RunnerSession } from '../../ledger/runner-session.ts';
import { tryTrustRun } from '../../planning/sealed-plan.ts';
import type { TrustedPlan } from '../../planning/trusted-plan.ts';
import { endAlteredRun } from './end-altered-run.ts';
import { verifyRun } from '../execute/verify-run.ts';

/** Options for recovering a run. */
export interface RecoverOptions {
  readonly signal?: AbortSignal | undefined;
  /** Longest time to poll the effect, in milliseconds. Default: until the plan's deadline. */
  readonly patienceMs?: number | undefined;
}

/**
 * Takes a run over from a dead owner and settles it by reading: nothing is ever sent again. A run with the
 * outcome `unknown` is looked at again.
 */
export async function* takeOver(
  context: GateContext,
  which: { ledger: Ledger; runId: string },
  options: RecoverOptions & { readonly carryOutPlan: CarryOutPlan },
): Steps<RunResult | null> {
  const { ledger, runId } = which;
  const { services } = context;
  const found = tryTrustRun(await ledger.runs.get(runId));
  if (OperatorError.isInstance(found)) return endAlteredRun(context, which, found);
  const { plan } = found;
  const session = services.sessions.open(ledger, services.actor());
  let owned: { owned: OwnedRun; run: RunDetails } | null = null;
  try {
    owned = await takeFrom(context, { ledger, plan, runId, session }, options);
  } finally {
    if (owned === null) session.release();
  }
  if (owned === null) return null;
  const { run } = owned;
  const sent = sentAtOf(run, context.services.clock.now());
  return yield* guarded(owned.owned, sent, () => reconcile(owned.owned, { run, sent, ...options }));
}

async function takeFrom(
  context: GateContext,
  which: { ledger: Ledger; plan: TrustedPlan; runId: string; session: RunnerSession },
  options: RecoverOptions,
): Promise<{ owned: OwnedRun; run: RunDetails } | null> {
  const { ledger, plan, runId, session } = which;
  // The look comes before the take-over: a process that cannot read must not keep others from reading.
  const call = await resolveCall(context, plan, options.signal);
  await context.connect(options.signal);
  const answer = await ledger.runs.takeOver(runId, session.runner);
  if (answer.outcome !== 'taken') return null;
  const { run, fence } = answer;
  const { state } = run;
  const journal = new Journal(ledger, { id: runId, fence, state, requests: plan.requests });
  for (const { index, result } of run.requests) journal.inherit(index, result);
  const { signal } = options;
  const { condition } = run;
  const way = { condition, wait: true, signal };
  return { run, owned: { context, ledger, plan, call, journal, session, ...way } };
}

async function* reconcile(
  owned: OwnedRun,
  found: RecoverOptions & { run: RunDetails; sent: SentAt; carryOutPlan: CarryOutPlan },
): Steps<RunResult> {
  const { run, sent, patienceMs, carryOutPlan } = found;
  const { journal } = owned;
  yield { kind: 'recovering', run: toRecord(run) };
  if (run.state === 'unknown') {
    const once = { sent, cancel: null, firstLookMs: 0, patienceMs: 0 };
    return yield* verifyRun(owned, once, carryOutPlan);
  }
  if (run.state === 'executing') {
    const conclusion = concludeDead(owned, run);
    if (conclusion !== null) return yield* endDead(owned, sent, conclusion);
    for (const { index, result } of run.requests) {
      const known = journal.results[index];
      if (result === null && known) await journal.recordResult(index, known);
    }
    await journal.move('verifying', 'Its owner died after sending; verifying the effect.');
  }
  const { condition } = run;
  const proven = condition === null ? null : await findProven(owned, { sent, patienceMs });
  if (condition !== null && proven !== null) {
    return yield* awaitCondition(owned, condition, proven);
  }
  const start = { sent, cancel: run.cancel, firstLookMs: 0, patienceMs };
  return yield* verifyRun(owned, start, carryOutPlan);
}

/** Looks once for the whole effect of a plan that was partly sent. */
async function* endDead(owned: OwnedRun, sent: SentAt, conclusion: Conclusion): Steps<RunResult> {
  const isPartly = conclusion.state === 'partly_done';
  const seen = isPartly ? await lookOnce(owned, sent) : null;
  if (seen?.state !== 'reached') return endRun(owned, { sent, conclusion, verification: seen });
  const { journal } = owned;
  await journal.move('verifying', `${conclusion.summary} Verifying the effect.`);
  const doubtful = await judgeCause(owned, { sent, verification: seen });
  if (doubtful === null && owned.condition !== null) {
    return yield* beginCondition(owned, owned.condition, { sent, verification: seen });
  }
  const done = { state: 'succeeded', summary: seen.summary, error: null } as const;
  return endRun(owned, { sent, conclusion: doubtful ?? done, verification: seen });
}

/** Conclusion from the journal about the run of a dead owner, or `null` when a read is needed. */
function concludeDead({ plan, journal }: OwnedRun, run: RunDetails): Conclusion | null {
  const { results } = journal;
  if (run.requests.length > 0) {
    return concludeSending(plan, results, {
      wait: true,
      cause: null,
      leftOut: 'The process that carried the run out died before everything was sent.',
    });
  }
  if (run.cancel !== null) return concludeCancelled(plan, run.cancel);
  const error = createDied(plan, results);
  return { state: 'failed', summary: error.message, error };
}

function createDied(plan: Plan, results: readonly (SendResult | null)[]): OperatorError {
  return createEngineError('NOT_SENT', {
    message: 'The process that carried the run out died before anything was sent.',
    remedy: 'Plan again: nothing has reached the system.',
    facts: { action: plan.action, requests: results.map(() => 'not_begun') },
    retryable: true,
  });
}

function sentAtOf({ requests }: RunDetails, now: number): SentAt {
  const at = Date.parse(requests[0]?.intendedAt ?? '') || now;
  // A clock that was set back must not make the time since then negative.
  return { at, startedAt: performance.now() - Math.max(0, now - at) };
}
