import { setTimeout as sleep } from 'node:timers/promises';
import { advise, OperatorError } from 'operator-core';
import { createCliError } from '../errors/error-codes.ts';
import type { Output } from './output.ts';
import { printableLine } from './printable.ts';

/**
 * Failures of the ledger that may pass: other processes hold it, its disk is full, or its server does not
 * answer.
 */
const PASSING: readonly string[] = ['LEDGER_BUSY', 'LEDGER_FULL', 'LEDGER_UNREACHABLE'];
const PAUSE_MS = 500;

/**
 * Tries to throw the kill switch until the ledger has recorded it, and reports the obstacle meanwhile. Throws
 * `NOT_STOPPED` when the caller gives up first.
 */
export async function untilWritten<Result>(
  attempt: () => Promise<Result>,
  { output, signal }: { output: Output; signal: AbortSignal },
): Promise<Result> {
  let told = '';
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (!OperatorError.isInstance(error) || !PASSING.includes(error.code)) throw error;
      if (told !== error.code) noteWaiting(error, output);
      told = error.code;
      if (!(await pause(signal))) throw createNotStopped(error);
    }
  }
}

/** True when the caller gave up before the switch was thrown. */
export function isNotStopped(error: unknown): boolean {
  return OperatorError.isInstance(error) && error.code === 'NOT_STOPPED';
}

function noteWaiting({ code, message }: OperatorError, output: Output): void {
  const { style } = output.notes;
  output.note([
    `${style.red(style.bold('Not stopped yet:'))} ${code}: ${printableLine(message)}`,
    'No run can send anything meanwhile: each request is recorded in the ledger first.',
    'Trying again until it is written; Ctrl-C gives up.',
  ]);
}

async function pause(signal: AbortSignal): Promise<boolean> {
  await sleep(PAUSE_MS, undefined, { signal }).catch(() => undefined);
  return !signal.aborted;
}

function createNotStopped(cause: OperatorError): OperatorError {
  return createCliError('NOT_STOPPED', {
    message: `Not stopped: ${cause.message}`,
    remedy: advise`${OperatorError.remedyOf(cause)} Then run ${{ operation: 'stop' }} again.`,
    facts: { ...cause.facts, code: cause.code },
    cause,
  });
}
