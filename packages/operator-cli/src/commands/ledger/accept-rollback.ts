import { readReason, REASON, requireReason } from '../../arguments/common-flags.ts';
import { COMMAND_FLAGS } from '../../arguments/flag.ts';
import { readFlag } from '../../arguments/parse-arguments.ts';
import type { ScannedArguments } from '../../arguments/scan-arguments.ts';
import { confirm } from '../../confirm.ts';
import { createEngineCommand } from '../../engine-command.ts';
import type { EngineCall } from '../../engine-command.ts';
import { EXIT_CODES } from '../../exit-code.ts';
import { formatNext } from '../../format-next.ts';

/** See `operator ledger accept-rollback --help`. */
export const acceptRollbackCommand = createEngineCommand({
  name: 'ledger accept-rollback',
  summary: 'Accept that entries of the ledger are lost, after an older copy of it was put back.',
  usage: '--reason TEXT [--through ENTRY] [--yes] [flags]',
  details: [
    'Every user keeps a witness outside of the ledger: the last entry that was on disk when something was sent. A ledger that does not have that entry is not used to send anything. Look first what the lost runs did; a consent that they used may look unused.',
    'Only the owner of the ledger’s file may do it. The kill switch that was thrown stays: `operator resume` lifts it.',
  ],
  flags: [
    REASON,
    {
      name: 'through',
      value: 'ENTRY',
      description: 'Last entry that any user has seen. Default: the last that you have seen.',
    },
    { ...COMMAND_FLAGS.yes, description: 'Do not ask.' },
  ],
  examples: [["operator ledger accept-rollback --reason 'disk lost'", 'go on with a backup']],
  check: (scanned) => [...requireReason(scanned), ...checkThrough(scanned)],
  needsLedger: true,
  use: acceptRollback,
});

function checkThrough(scanned: ScannedArguments): readonly string[] {
  const text = readFlag(scanned, 'through');
  if (text === undefined || /^[1-9]\d{0,14}$/u.test(text)) return [];
  return ['--through is the number of an entry, as in 120.'];
}

async function acceptRollback({ engine, invocation, scanned }: EngineCall): Promise<number> {
  const { output } = invocation;
  const { maintenance } = await engine.openLedger();
  const reason = readReason(scanned);
  const text = readFlag(scanned, 'through');
  const more = text === undefined ? [] : ['--through', text];
  const words = ['ledger', 'accept-rollback', '--reason', reason, ...more, '--yes'];
  const question = {
    text: 'Accept that entries of the ledger are lost, and go on without them',
    otherwise: 'Nothing was accepted.',
    command: formatNext(invocation, words),
    facts: {},
  };
  await confirm(question, { invocation, scanned });
  const through = text === undefined ? undefined : Number(text);
  const accepted = await maintenance.acceptRollback({ by: engine.requireActor(), reason, through });
  if (output.format !== 'text') output.emit({ format: 'operator.ledger_rollback/1', ...accepted });
  else output.print([`Accepted: entries up to ${accepted.through} may be lost.`]);
  return EXIT_CODES.done;
}
