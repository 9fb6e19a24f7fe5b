import { checkFor, readFor, readReason, REASON } from '../../arguments/common-flags.ts';
import { readSwitch } from '../../arguments/read-flag.ts';
import type { ScannedArguments } from '../../arguments/interpret.ts';
import { createEngineCommand, RUN_OPERAND } from '../../builders/engine-command.ts';
import type { EngineCall } from '../../builders/engine-command.ts';
import { EXIT_CODES } from '../../errors/exit-code.ts';
import { formatNext } from '../../command/format-next.ts';
import { formatLeaseNote, formatLeases } from '../../output/lease-view.ts';

/** See `operator lease extend --help`. */
export const extendLeaseCommand = createEngineCommand({
  name: 'lease extend',
  summary: 'Set a new end of a lease, counted from now, later or earlier.',
  usage: 'RUN (--for DURATION | --until-ended) [--reason TEXT] [flags]',
  flags: [
    { name: 'for', value: 'DURATION', description: 'Time from now, as 30m or 2h.' },
    { name: 'until-ended', description: 'Keep the effect until `operator lease end`.' },
    REASON,
  ],
  examples: [['operator lease extend RUN --for 30m', 'half an hour from now']],
  operand: RUN_OPERAND,
  check,
  needsLedger: true,
  use: extend,
});

function check(scanned: ScannedArguments): readonly string[] {
  const isOpen = readSwitch(scanned, 'until-ended') === true;
  const hasFor = scanned.flags.has('for');
  if (isOpen !== hasFor) return checkFor(scanned);
  return ['Name the new end: either --for DURATION or --until-ended.'];
}

async function extend({ engine, invocation, scanned, operand }: EngineCall): Promise<number> {
  const { output } = invocation;
  const change = { forMs: readFor(scanned) ?? null, reason: readReason(scanned) };
  const lease = await engine.leases.extend(operand, change);
  if (output.format !== 'text') {
    output.emit('operator.lease/1', lease);
    return EXIT_CODES.done;
  }
  output.print(formatLeases([lease], output.data));
  const end = formatNext(invocation, ['lease', 'end', lease.runId]);
  const note = { end, isWatched: await engine.isWatched(), look: output.notes };
  const sight = await engine.leases.lookAt(operand, { signal: invocation.io.signal });
  output.note(formatLeaseNote({ ...sight, lease }, note));
  return EXIT_CODES.done;
}
