import { readReason, REASON } from '../../arguments/common-flags.ts';
import { createEngineCommand, RUN_OPERAND } from '../../builders/engine-command.ts';
import type { EngineCall } from '../../builders/engine-command.ts';
import { EXIT_CODES } from '../../errors/exit-code.ts';
import { formatLeases } from '../../output/lease-view.ts';

/** See `operator lease release --help`. */
export const releaseLeaseCommand = createEngineCommand({
  name: 'lease release',
  summary: 'Give up a lease: its effect stays in the system for good.',
  usage: 'RUN [--reason TEXT] [flags]',
  flags: [REASON],
  examples: [["operator lease release RUN --reason 'the store is retired'", 'keep the effect']],
  operand: RUN_OPERAND,
  use: release,
});

async function release({ engine, invocation, scanned, operand }: EngineCall): Promise<number> {
  const { output } = invocation;
  const lease = await engine.leases.release(operand, { reason: readReason(scanned) });
  if (output.format === 'text') output.print(formatLeases([lease], output.data));
  else output.emit('operator.lease/1', lease);
  return EXIT_CODES.done;
}
