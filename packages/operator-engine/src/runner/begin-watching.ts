import { OperatorError } from 'operator-core';
import { pause } from '../base/signals.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { RunnerSession } from '../ledger/runner-session.ts';
import type { WatchEvent } from './watch-event.ts';
import type { WatchParts } from './watch-parts.ts';

/** Failures of the ledger that may pass: other processes hold it, or its disk is full. */
const PASSING: readonly string[] = ['LEDGER_BUSY', 'LEDGER_FULL'];

/** The ledger and the registered runner of a watch. */
export interface WatchStart {
  readonly ledger: Ledger;
  readonly session: RunnerSession;
}

/**
 * Opens the ledger and registers the runner. A service must not end because the ledger is busy when it starts:
 * it reports that once and tries again until the signal aborts; then `null`.
 */
export async function* beginWatching(
  parts: WatchParts,
  signal: AbortSignal | undefined,
): AsyncGenerator<WatchEvent, WatchStart | null> {
  let told = '';
  for (;;) {
    try {
      return await begin(parts);
    } catch (error) {
      if (!OperatorError.isInstance(error) || !PASSING.includes(error.code)) throw error;
      if (told !== error.code) yield toProblem(error, parts.clock.iso());
      told = error.code;
      if (!(await pause(parts.limits.watchMs, signal))) return null;
    }
  }
}

async function begin(parts: WatchParts): Promise<WatchStart> {
  const ledger = await parts.subjects.openLedger();
  const session = parts.sessions.open(ledger, parts.actor(), 'watch');
  try {
    await ledger.runners.beat(session.runner);
    return { ledger, session };
  } catch (error) {
    session.release();
    throw error;
  }
}

function toProblem(error: OperatorError, at: string): WatchEvent {
  const details = { task: 'start', error: { ...error.toJSON() } };
  const remedy = OperatorError.remedyOf(error);
  return { kind: 'problem', at, runId: null, message: error.message, details, remedy };
}
