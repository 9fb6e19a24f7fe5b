import { advise } from 'operator-core';
import type { JsonValue, Remedy } from 'operator-core';
import { createEngineError } from '../../errors/engine-error.ts';
import { operations } from '../../errors/operations.ts';
import type { RunDetails } from '../../ledger/run-record.ts';
import { summaryOf } from '../recover/run-outcome.ts';

/** Remedy and facts of a refused undo. */
export interface UndoRefusal {
  readonly remedy?: string | Remedy;
  readonly facts?: Readonly<Record<string, JsonValue>>;
}

const PLAN_AGAIN = 'Check the state of the system, and plan the change that you want.';

/** `UNDO_REFUSED`. */
export function refuseUndo(
  run: RunDetails,
  reason: string,
  { remedy = PLAN_AGAIN, facts = {} }: UndoRefusal = {},
): Error {
  return createEngineError('UNDO_REFUSED', {
    message: `Run ${run.id} (${run.summary}) cannot be undone: ${reason}`,
    remedy,
    facts: { runId: run.id, state: run.state, reasons: [reason], ...facts },
  });
}

/**
 * `UNDO_REFUSED` for a run that is under way: its present state, and the command that ends it and takes back
 * its effect.
 */
export function refuseUnderWay(
  run: RunDetails,
  { isAbandoned, seen }: { readonly isAbandoned: boolean; readonly seen: string | null },
): Error {
  const { id, state } = run;
  const who = isAbandoned ? 'no process follows it' : 'another process is carrying it out';
  const now = `It is ${state}, and ${who}: ${seen ?? summaryOf(run)}`;
  return refuseUndo(run, now, {
    remedy: advise`${operations.cancelRun(id)} ends it and takes back what it has sent; ${operations.watchRun(id)} follows it until it is known.`,
  });
}

/** `UNDO_REFUSED` for a run that has not started. */
export function refuseWaiting(run: RunDetails): Error {
  return refuseUndo(run, `It is ${run.state}: it was not started, and nothing was sent.`, {
    remedy: advise`${operations.cancelRun(run.id)} prevents its start.`,
  });
}
