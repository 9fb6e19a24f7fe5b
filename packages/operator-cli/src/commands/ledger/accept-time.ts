import { readReason, REASON, requireReason } from '../../arguments/common-flags.ts';
import { COMMAND_FLAGS } from '../../arguments/flag.ts';
import { confirm } from '../../asking/confirm.ts';
import { createEngineCommand } from '../../builders/engine-command.ts';
import type { EngineCall } from '../../builders/engine-command.ts';
import { EXIT_CODES } from '../../errors/exit-code.ts';
import { formatNext } from '../../command/format-next.ts';
import { describeClock } from '../../output/clock-view.ts';
import { formatInstant } from '../../output/ledger-words.ts';
import { formatPairs } from '../../output/table.ts';

/** See `operator ledger accept-time --help`. */
export const acceptTimeCommand = createEngineCommand({
  name: 'ledger accept-time',
  summary: 'Set the time of the ledger to the clock of this machine, and confirm its jumps.',
  usage: '--reason TEXT [--yes] [flags]',
  details: [
    'The ledger follows the clock of the machine only as far as the monotonic clock agrees. Check that the clock is right first (`timedatectl`). Leases that are due by the new time are ended at the next look.',
    'Only the owner of the ledger’s file may run this command.',
  ],
  flags: [REASON, { ...COMMAND_FLAGS.yes, description: 'Do not ask.' }],
  examples: [["operator ledger accept-time --reason 'NTP is right again'", 'after a jump']],
  check: requireReason,
  needsLedger: true,
  use: acceptTime,
});

async function acceptTime({ engine, invocation, scanned }: EngineCall): Promise<number> {
  const { output } = invocation;
  const { maintenance } = await engine.openLedger();
  const reason = readReason(scanned);
  const { at, machine } = await maintenance.clock();
  const question = {
    text: `Set the time of the ledger from ${formatInstant(at)} to ${formatInstant(machine)}`,
    otherwise: 'The time of the ledger is as it was.',
    command: formatNext(invocation, ['ledger', 'accept-time', '--reason', reason, '--yes']),
    facts: { at, machine },
  };
  await confirm(question, { invocation, scanned });
  const clock = await maintenance.acceptTime({ by: engine.requireActor(), reason });
  if (output.format !== 'text') output.emit('operator.ledger_clock/1', clock);
  else output.print(formatPairs([['Clock', describeClock(clock)]]));
  return EXIT_CODES.done;
}
