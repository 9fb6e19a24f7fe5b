import { createGroup } from '../../builders/command-group.ts';
import { acceptRollbackCommand } from './accept-rollback.ts';
import { acceptTimeCommand } from './accept-time.ts';
import { backupLedgerCommand } from './backup.ts';
import { checkLedgerCommand } from './check.ts';
import { pruneLedgerCommand } from './prune.ts';

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
