import { checkTime, readTime } from '../../arguments/common-flags.ts';
import { COMMAND_FLAGS } from '../../arguments/flag.ts';
import type { ScannedArguments } from '../../arguments/interpret.ts';
import { confirm } from '../../asking/confirm.ts';
import { createEngineCommand } from '../../builders/engine-command.ts';
import type { EngineCall } from '../../builders/engine-command.ts';
import { EXIT_CODES } from '../../errors/exit-code.ts';
import { formatNext } from '../../command/format-next.ts';
import { printableLine } from '../../output/printable.ts';

/** See `operator ledger prune --help`. */
export const pruneLedgerCommand = createEngineCommand({
  name: 'ledger prune',
  summary:
    'Delete runs that ended before a date and the audit up to it. The remaining audit stays verifiable.',
  usage: '--before TIME [--yes] [flags]',
  flags: [
    { name: 'before', value: 'TIME', description: 'In UTC, as 2026-01-01.' },
    { ...COMMAND_FLAGS.yes, description: 'Do not ask.' },
  ],
  examples: [['operator ledger prune --before 2026-01-01 --yes', 'delete everything older']],
  check,
  needsLedger: true,
  use: prune,
});

function check(scanned: ScannedArguments): readonly string[] {
  if (!scanned.flags.has('before'))
    return ['--before is missing: name the time up to which runs are deleted.'];
  return checkTime(scanned, 'before');
}

async function prune({ engine, invocation, scanned }: EngineCall): Promise<number> {
  const { output } = invocation;
  const before = readTime(scanned, 'before') ?? '';
  const ledger = await engine.openLedger();
  const question = {
    text: `Delete the runs that ended before ${before}, and the audit up to it, from ${printableLine(ledger.location)}`,
    otherwise: 'Nothing was deleted.',
    command: formatNext(invocation, ['ledger', 'prune', '--before', before, '--yes']),
    facts: { before },
  };
  await confirm(question, { invocation, scanned });
  const pruned = await ledger.maintenance.prune(before, engine.requireActor());
  const { runs, entries } = pruned;
  if (output.format !== 'text') output.emit('operator.ledger_prune/1', pruned);
  else output.print([`Deleted: ${runs} runs, ${entries} entries of the audit.`]);
  return EXIT_CODES.done;
}
