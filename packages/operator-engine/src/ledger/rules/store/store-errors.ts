import type { OperatorError } from 'operator-core';
import { describeCause } from '../../../errors/describe-cause.ts';
import { createEngineError } from '../../../errors/engine-error.ts';

/** `LEDGER_CORRUPT`. */
export function createCorrupt(location: string, cause: unknown): OperatorError {
  return createEngineError('LEDGER_CORRUPT', {
    message: `The ledger is damaged, or the file is no ledger: ${location}: ${describeCause(cause)}.`,
    remedy:
      'Keep the file as it is, put a backup in its place, and look at what runs since then did.',
    facts: { location },
    cause,
  });
}

/** `LEDGER_TOO_NEW`. */
export function createTooNew(
  location: string,
  shape: { version: number; known: number },
): OperatorError {
  const { version, known } = shape;
  return createEngineError('LEDGER_TOO_NEW', {
    message: `The ledger ${location} has shape ${version}; this version of Operator knows shapes up to ${known}.`,
    remedy: 'Update Operator on this machine. The ledger was not changed.',
    facts: { location, schema: version, known },
  });
}
