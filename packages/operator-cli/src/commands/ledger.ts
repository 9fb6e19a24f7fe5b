import { createGroup } from '../command-group.ts';
import { acceptRollbackCommand } from './ledger/accept-rollback.ts';
import { acceptTimeCommand } from './ledger/accept-time.ts';
import { backupLedgerCommand } from './ledger/backup.ts';
import { checkLedgerCommand } from './ledger/check.ts';
import { pruneLedgerCommand } from './ledger/prune.ts';

/** See `operator ledger --help`. */
export const ledgerCommand = createGroup({
  name: 'ledger',
  summary:
    'Copy, check or prune the ledger, or set its time: the durable store of runs, approvals, leases and audit.',
  commands: [
    backupLedgerCommand,
    checkLedgerCommand,
    pruneLedgerCommand,
    acceptTimeCommand,
    acceptRollbackCommand,
  ],
});
