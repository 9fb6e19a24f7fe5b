import type { OperatorError } from 'operator-core';
import type { GateContext } from '../../subject/gate-context.ts';
import type { RunResult } from '../../events/run-result.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { isOwned } from '../../ledger/run-state.ts';
import { isUntouched } from '../execute/conclude-sending.ts';
import { UNRECORDED } from '../execute/journal.ts';
import { toStoredOutcome } from '../execute/stored-outcome.ts';
import { outcomeOf } from './run-outcome.ts';

/**
 * Ends a run of a dead owner whose plan is not the recorded one. Its effect cannot be read: `failed` when
 * nothing of it was sent, else `unknown`. `null` when it needs no recovery.
 */
export async function endAlteredRun(
  { services }: GateContext,
  { ledger, runId }: { ledger: Ledger; runId: string },
  error: OperatorError,
): Promise<RunResult | null> {
  const session = services.sessions.open(ledger, services.actor());
  try {
    const answer = await ledger.runs.takeOver(runId, session.runner);
    if (answer.outcome !== 'taken') return null;
    const { fence, run } = answer;
    if (isOwned(run.state)) {
      const results = run.requests.map(({ result }) => result ?? UNRECORDED);
      const to = isUntouched(results) ? 'failed' : 'unknown';
      const detail = toStoredOutcome({ error });
      await ledger.runs.move(runId, { fence, to, reason: error.message, detail });
    }
    return outcomeOf(await ledger.runs.get(runId), services.clock.iso());
  } finally {
    await session.leave();
  }
}
