import { createInterrupted, pause } from '../../base/signals.ts';
import type { Actor } from '../../ledger/actor.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { RunDetails, RunRecord } from '../../ledger/run-record.ts';
import type { EngineLimits } from '../../config/limits.ts';
import { CANCEL_NOTE } from '../execute/cancel-effect.ts';
import { recoverRun } from '../execute-run.ts';
import { summaryOf } from '../recover/run-outcome.ts';
import { isOver } from '../../ledger/run-state.ts';
import { openForRun } from '../../subject/subjects.ts';
import type { RunSubjects } from '../../subject/subjects.ts';

/** Result of cancelling a run. */
export interface CancelResult {
  /**
   * - `cancelled`: it has ended; `summary` says what remains
   * - `too_late`: it came to its own end
   * - `requested`: its owner knows, and goes on; `summary` says why
   */
  readonly outcome: 'cancelled' | 'too_late' | 'requested';
  readonly run: RunRecord;
  /** One sentence. */
  readonly summary: string;
}

/** Options for cancelling a run. */
export interface CancelOptions {
  readonly by: Actor;
  readonly reason: string;
  readonly limits: EngineLimits;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Ends a run. If nothing was sent, nothing will be; otherwise the owner takes back the unfinished work in the
 * action's own way. Waits for the owner, and does that itself when the owner is dead.
 */
export async function cancelRun(
  subjects: RunSubjects,
  runId: string,
  options: CancelOptions,
): Promise<CancelResult> {
  const { by, reason } = options;
  const ledger = await subjects.openLedger();
  const answer = await ledger.runs.cancel(runId, { by, reason });
  if (answer.outcome === 'cancelled') {
    return { outcome: 'cancelled', run: answer.run, summary: 'It will never start.' };
  }
  const run =
    answer.outcome === 'over'
      ? await ledger.runs.get(runId)
      : await untilHeard(subjects, { ledger, runId }, options);
  return tell(run);
}

/** Waits until the run is over, or its owner has noted that it cannot be taken back. */
async function untilHeard(
  subjects: RunSubjects,
  { ledger, runId }: { ledger: Ledger; runId: string },
  { signal, limits }: CancelOptions,
): Promise<RunDetails> {
  for (;;) {
    const run = await ledger.runs.get(runId);
    if (isOver(run.state) || (await wasRefused(ledger, runId))) return run;
    const abandoned = await ledger.runs.abandoned();
    if (abandoned.some(({ id }) => id === runId)) {
      const context = await openForRun(subjects, runId, signal);
      await recoverRun(context, runId, { signal });
    } else if (!(await pause(limits.followMs, signal))) {
      throw createInterrupted(`waiting for run ${runId} to end`, { runId });
    }
  }
}

/** True when the owner noted that the cancel had no effect; a run that the cancel has ended is over by now. */
async function wasRefused(ledger: Ledger, runId: string): Promise<boolean> {
  const entries = await ledger.runs.events(runId);
  return entries.some(
    ({ kind, details }) =>
      kind === 'run_noted' && details['what'] === CANCEL_NOTE && details['isDone'] === false,
  );
}

function tell(run: RunDetails): CancelResult {
  const summary = summaryOf(run);
  if (run.state === 'cancelled') return { outcome: 'cancelled', run, summary };
  if (isOver(run.state)) {
    return { outcome: 'too_late', run, summary: `It is ${run.state}: ${summary}` };
  }
  const what =
    'What was sent cannot be cancelled; its effect is watched until its result is known.';
  return { outcome: 'requested', run, summary: what };
}
