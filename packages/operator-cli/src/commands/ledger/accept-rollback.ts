import type { LostLedger } from 'operator-engine';
import { readReason, REASON, requireReason } from '../../arguments/common-flags.ts';
import { COMMAND_FLAGS } from '../../arguments/flag.ts';
import { readFlag } from '../../arguments/read-flag.ts';
import type { ScannedArguments } from '../../arguments/interpret.ts';
import { confirm } from '../../asking/confirm.ts';
import { createEngineCommand } from '../../builders/engine-command.ts';
import type { EngineCall } from '../../builders/engine-command.ts';
import { EXIT_CODES } from '../../errors/exit-code.ts';
import { requireLedger } from '../../command/require-ledger.ts';
import { formatNext } from '../../command/format-next.ts';

/** See `operator ledger accept-rollback --help`. */
export const acceptRollbackCommand = createEngineCommand({
  name: 'ledger accept-rollback',
  summary:
    'Accept that entries of the ledger are lost after an older copy was put back, or that the whole ledger is lost.',
  usage: '--reason TEXT [--through ENTRY] [--yes] [flags]',
  details: [
    'Every user keeps a witness outside of the ledger: the last entry that was on disk when something was sent. With a ledger that lacks this entry, nothing is sent. First check the effects of the lost runs; a consent that they used may look unused.',
    'If the file is gone, the command creates a new ledger. Effects of leases stay in the systems: check them first.',
    'Only the owner of the ledger’s file, or of the folder that it was in, may run this command. The kill switch stays on: `operator resume` lifts it.',
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
  examples: [["operator ledger accept-rollback --reason 'disk lost'", 'continue with a backup']],
  check: (scanned) => [...requireReason(scanned), ...checkThrough(scanned)],
  use: acceptRollback,
});

function checkThrough(scanned: ScannedArguments): readonly string[] {
  const text = readFlag(scanned, 'through');
  if (text === undefined || /^[1-9]\d{0,14}$/u.test(text)) return [];
  return ['--through is the number of an entry, as in 120.'];
}

async function acceptRollback(call: EngineCall): Promise<number> {
  const { engine, invocation, scanned } = call;
  const { output } = invocation;
  const lost = await engine.loss.find();
  if (lost !== null) return beginAgain(call, lost);
  await requireLedger(engine);
  const reason = readReason(scanned);
  const text = readFlag(scanned, 'through');
  const more = text === undefined ? [] : ['--through', text];
  const words = ['ledger', 'accept-rollback', '--reason', reason, ...more, '--yes'];
  const question = {
    text: 'Accept that entries of the ledger are lost, and continue without them',
    otherwise: 'Nothing was accepted.',
    command: formatNext(invocation, words),
    facts: {},
  };
  await confirm(question, { invocation, scanned });
  const through = text === undefined ? undefined : Number(text);
  const { maintenance } = await engine.openLedger();
  const accepted = await maintenance.acceptRollback({ by: engine.requireActor(), reason, through });
  if (output.format !== 'text') output.emit('operator.ledger_rollback/1', accepted);
  else output.print([`Accepted: entries up to ${accepted.through} may be lost.`]);
  return EXIT_CODES.done;
}

/** Accepts that the whole ledger is lost. */
async function beginAgain(
  { engine, invocation, scanned }: EngineCall,
  lost: LostLedger,
): Promise<number> {
  const { output } = invocation;
  const reason = readReason(scanned);
  const question = {
    text: `Accept that the ledger ${lost.location} is lost with all its records, and create a new one`,
    otherwise: 'Nothing was accepted, and no ledger was created.',
    command: formatNext(invocation, ['ledger', 'accept-rollback', '--reason', reason, '--yes']),
    facts: { location: lost.location },
  };
  await confirm(question, { invocation, scanned });
  await engine.loss.accept(lost, { by: engine.requireActor(), reason });
  if (output.format !== 'text') {
    output.emit('operator.ledger_rollback/1', { through: 0, head: 0 });
  } else {
    output.print(['Accepted: the ledger is lost, and a new one was created.']);
  }
  return EXIT_CODES.done;
}
