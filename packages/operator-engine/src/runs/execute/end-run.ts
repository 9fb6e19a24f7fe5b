import type { OperatorError, Verification } from 'operator-core';
import type { RunCondition } from '../../ledger/run-condition.ts';
import { concludeSending, isAnswerLost, isUntouched } from './conclude-sending.ts';
import type { Conclusion } from './conclude-sending.ts';
import type { RunResult } from '../../events/run-result.ts';
import type { Lease } from '../../ledger/lease.ts';
import type { OwnedRun, SentAt } from './owned-run.ts';
import { toStoredOutcome } from './stored-outcome.ts';
import { isOver } from '../../ledger/run-state.ts';
import type { RunState } from '../../ledger/run-state.ts';

/** Result with which the owner of a run ends or releases it. */
export interface RunEnd {
  readonly sent: SentAt;
  /** `verifying`: the run is released, and others may continue verifying. */
  readonly conclusion: Conclusion;
  readonly verification: Verification | null;
}

/** Records how a run ended, and releases it. */
export async function endRun(owned: OwnedRun, end: RunEnd): Promise<RunResult> {
  const { journal, session } = owned;
  const { conclusion, verification } = end;
  const { state, summary } = conclusion;
  if (isOver(state) && (state !== journal.state || conclusion.isSettled === true)) {
    await journal.move(state, summary, toStoredOutcome(conclusion, verification));
    session.release();
  } else {
    await session.leave();
  }
  return createResult(owned, end);
}

/**
 * Releases a run whose owner cannot continue: by an error, or because the caller has stopped reading. Returns
 * the result of a run that has sent something, and `null` otherwise.
 */
export async function releaseRun(
  owned: OwnedRun,
  failure: { readonly error: OperatorError; readonly sent: SentAt } | null,
): Promise<RunResult | null> {
  const { journal, session } = owned;
  const wasUntouched = isUntouched(journal.results);
  if (isOver(journal.state)) {
    await session.leave();
  } else {
    const isLost = failure?.error.code === 'FENCED';
    const isEnded = !isLost && (await concludeRelease(owned, failure?.error ?? null));
    if (isEnded) session.release();
    else await session.leave().catch(() => undefined);
  }
  if (failure === null || wasUntouched) return null;
  const { error, sent } = failure;
  const run = await owned.ledger.runs.get(journal.runId).catch(() => null);
  const state = run?.state ?? journal.state;
  const conclusion = { state, summary: error.message, error };
  return createResult(owned, { sent, conclusion, verification: null });
}

/** Gives a released run a state that is true. Returns true when it is over then. */
async function concludeRelease(owned: OwnedRun, error: OperatorError | null): Promise<boolean> {
  const { journal, plan } = owned;
  try {
    if (journal.state !== 'executing') return false;
    const conclusion = conclusionOf(owned, error);
    if (conclusion === null) {
      await journal.move('verifying', `The effect of ${plan.action} is still to be looked for.`);
      return false;
    }
    await journal.move(conclusion.state, conclusion.summary, toStoredOutcome(conclusion));
    return true;
  } catch {
    // The journal holds all that this owner knew, for the next owner.
    return false;
  }
}

function conclusionOf({ journal, plan }: OwnedRun, error: OperatorError | null): Conclusion | null {
  const { results } = journal;
  if (!isUntouched(results) || error === null || error.kind === 'interrupted') {
    return concludeSending(plan, results, { wait: true, cause: { kind: 'caller' } });
  }
  return { state: 'failed', summary: error.message, error };
}

async function createResult(owned: OwnedRun, end: RunEnd): Promise<RunResult> {
  const { plan, journal } = owned;
  const { sent, conclusion, verification } = end;
  const { results } = journal;
  const { summary, error, refusal = null } = conclusion;
  // A released run keeps its ledger state.
  const state: RunState = isOver(conclusion.state) ? conclusion.state : journal.state;
  return {
    runId: journal.runId,
    state,
    summary,
    plan,
    requests: plan.requests.map((request, index) => ({ request, result: results[index] ?? null })),
    answerLost: isAnswerLost(results),
    verification,
    refusal,
    sentAt: isUntouched(results) ? null : new Date(sent.at).toISOString(),
    endedAt: owned.context.services.clock.iso(),
    elapsedMs: Math.round(performance.now() - sent.startedAt),
    lease: await readLease(owned),
    condition: conditionOf(owned, conclusion),
    error,
  };
}

function conditionOf(
  { condition }: OwnedRun,
  { condition: after }: Conclusion,
): RunCondition | null {
  return condition === null || after === undefined ? condition : { ...condition, after };
}

async function readLease({ plan, ledger, journal }: OwnedRun): Promise<Lease | null> {
  if (plan.standingEffect === null) return null;
  return ledger.leases.get(journal.runId).catch(() => null);
}
