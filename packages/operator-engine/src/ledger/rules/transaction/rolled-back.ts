import { advise } from 'operator-core';
import type { OperatorError } from 'operator-core';
import { createEngineError } from '../../../errors/engine-error.ts';
import { operations } from '../../../errors/operations.ts';
import type { Rollback } from '../../maintenance.ts';
import { describeChain } from './chain-row.ts';

/** One sentence. */
export function describeRollback({ chain, head, known, isCut }: Rollback): string {
  const which = describeChain(chain);
  return isCut
    ? `${which[0]?.toUpperCase()}${which.slice(1)} ends with the entry number ${head}, and this user has seen its entry number ${known}: the entries after ${head}, and the records of what they did, are missing.`
    : `The entry number ${known} of ${which} is not the one that this user has seen: an older copy was put back, and other entries were written since.`;
}

/** `LEDGER_ROLLED_BACK`. */
export function createRolledBack(location: string, rollback: Rollback): OperatorError {
  return createEngineError('LEDGER_ROLLED_BACK', {
    message: `${describeRollback(rollback)} Consents that were used, and requests that were sent, may look unused and unsent. Nothing is sent: ${location}.`,
    remedy: advise`Put the newer ledger back. If it is lost, check what the missing runs did; then the owner of the file accepts the loss with ${operations.acceptRollback(rollback.known)} and lifts the kill switch with ${operations.resume}.`,
    facts: { location, ...rollback },
  });
}
