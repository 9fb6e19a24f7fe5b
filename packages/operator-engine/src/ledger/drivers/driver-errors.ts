import type { OperatorError, Remedy } from 'operator-core';
import { createEngineError } from '../../errors/engine-error.ts';
import { describeCause } from '../../errors/describe-cause.ts';

/** `LEDGER_UNREACHABLE`: the place of the ledger does not answer. Nothing was written. */
export function createUnreachable(location: string, cause: unknown): OperatorError {
  return createEngineError('LEDGER_UNREACHABLE', {
    message: `The ledger ${location} does not answer: ${describeCause(cause)}. Nothing was written.`,
    remedy:
      'Check that the server of the ledger runs, and the settings of the ledger in the configuration.',
    facts: { location },
    cause,
  });
}

/** `LEDGER_UNSUPPORTED`. `what`: as in "cannot be copied to a file"; `remedy`: the tool that can. */
export function createUnsupported(
  location: string,
  { what, remedy }: { readonly what: string; readonly remedy: string | Remedy },
): OperatorError {
  return createEngineError('LEDGER_UNSUPPORTED', {
    message: `The ledger ${location} ${what}: its driver does not support it.`,
    remedy,
    facts: { location },
  });
}
