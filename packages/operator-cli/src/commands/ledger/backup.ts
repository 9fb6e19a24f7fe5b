import { resolve } from 'node:path';
import { createEngineCommand } from '../../builders/engine-command.ts';
import { EXIT_CODES } from '../../errors/exit-code.ts';
import { printableLine } from '../../output/printable.ts';
import { formatUnit } from '../../output/units.ts';

/** See `operator ledger backup --help`. */
export const backupLedgerCommand = createEngineCommand({
  name: 'ledger backup',
  summary: 'Copy the ledger to a new file, while other processes keep writing.',
  usage: 'FILE [flags]',
  examples: [['operator ledger backup ledger-copy.db', 'make a copy that can replace the ledger']],
  operand: { missing: 'Name the file to copy to. It must not exist yet.' },
  needsLedger: true,
  use: async ({ engine, invocation, operand }) => {
    const { io, output } = invocation;
    const ledger = await engine.openLedger();
    const copy = await ledger.maintenance.backup(resolve(io.cwd, operand));
    if (output.format !== 'text') output.emit('operator.ledger_backup/1', copy);
    else output.print([`${printableLine(copy.path)} (${formatUnit(copy.bytes, 'bytes')})`]);
    return EXIT_CODES.done;
  },
});
