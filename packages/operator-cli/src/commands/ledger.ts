import { createGroup } from '../command-group.ts';
import { backupLedgerCommand } from './ledger/backup.ts';
import { checkLedgerCommand } from './ledger/check.ts';
import { pruneLedgerCommand } from './ledger/prune.ts';

/** See `operator ledger --help`. */
export const ledgerCommand = createGroup({
  name: 'ledger',
  summary:
    'Copy, check or prune the ledger: the durable store of runs, approvals, leases and audit.',
  commands: [backupLedgerCommand, checkLedgerCommand, pruneLedgerCommand],
});
