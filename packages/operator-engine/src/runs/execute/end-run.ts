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

/** Input of ending or releasing a run by its owner. */
export interface Ending {
  readonly sent: SentAt;
  /** `verifying`: the run is released, and others may continue verifying. */
  readonly conclusion: Conclusion;
  readonly verification: Verification | null;
}

/** Writes down how a run ended, and lets it go. */
export async function endRun(owned: OwnedRun, ending: Ending): Promise<RunResult> {
  const { journal, session } = owned;
  const { conclusion, verification } = ending;
  const { state, summary } = conclusion;
  if (isOver(state) && (state !== journal.state || conclusion.isSettled === true)) {
    await journal.move(state, summary, toStoredOutcome(conclusion, verification));
    session.release();
  } else {
    await session.leave();
  }
  return createResult(owned, ending);
}

/**
 * Lets go of a run whose owner cannot go on: by an error, or because the caller asks no more. What is
 * returned is the result of a run that has sent something, and `null` otherwise.
 */
export async function letGo(
  owned: OwnedRun,
  failure: { readonly error: OperatorError; readonly sent: SentAt } | null,
): Promise<RunResult | null> {
  const { journal, session } = owned;
  const wasUntouched = isUntouched(journal.results);
  if (isOver(journal.state)) {
    await session.leave();
  } else {
    const isLost = failure?.error.code === 'FENCED';
    const wasSettled = !isLost && (await settle(owned, failure?.error ?? null));
    if (wasSettled) session.release();
    else await session.leave().catch(() => undefined);
  }
  if (failure === null || wasUntouched) return null;
  const { error, sent } = failure;
  const run = await owned.ledger.runs.get(journal.runId).catch(() => null);
  const state = run?.state ?? journal.state;
  const conclusion = { state, summary: error.message, error };
  return createResult(owned, { sent, conclusion, verification: null });
}

/** Brings a run that is left to a state that is true. Whether it is over then. */
async function settle(owned: OwnedRun, error: OperatorError | null): Promise<boolean> {
  const { journal, plan } = owned;
  try {
    if (journal.state !== 'executing') return false;
    const conclusion = concludeLeaving(owned, error);
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

function concludeLeaving(
  { journal, plan }: OwnedRun,
  error: OperatorError | null,
): Conclusion | null {
  const { results } = journal;
  if (!isUntouched(results) || error === null || error.kind === 'interrupted') {
    return concludeSending(plan, results, { wait: true, cause: { kind: 'caller' } });
  }
  return { state: 'failed', summary: error.message, error };
}

async function createResult(owned: OwnedRun, ending: Ending): Promise<RunResult> {
  const { plan, journal } = owned;
  const { sent, conclusion, verification } = ending;
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
