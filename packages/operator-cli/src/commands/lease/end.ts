import { readReason, REASON } from '../../arguments/common-flags.ts';
import { createEngineCommand, RUN_OPERAND } from '../../builders/engine-command.ts';
import type { EngineCall } from '../../builders/engine-command.ts';
import { EXIT_CODES } from '../../errors/exit-code.ts';
import { printableLine } from '../../output/printable.ts';
import { toRunContent } from '../report/report-run.ts';

/** See `operator lease end --help`. */
export const endLeaseCommand = createEngineCommand({
  name: 'lease end',
  summary: 'Remove the effect of a lease now, and prove that it is gone.',
  usage: 'RUN [--reason TEXT] [flags]',
  flags: [REASON],
  examples: [['operator lease end RUN', 'remove the effect of this run']],
  operand: RUN_OPERAND,
  needsLedger: true,
  use: end,
});

async function end({ engine, invocation, scanned, operand }: EngineCall): Promise<number> {
  const { io, output } = invocation;
  const reason = readReason(scanned);
  const ended = await engine.leases.end(operand, { reason, signal: io.signal });
  const { outcome, run, summary } = ended;
  if (output.format !== 'text') {
    const { toLeaseEndDocument } = await import('operator-engine');
    const part = run === null ? null : await toRunContent(run, invocation);
    output.emit('operator.lease_end/1', { ...toLeaseEndDocument(ended), run: part });
  } else {
    const { style } = output.data;
    const paint = outcome === 'ended' ? style.green : style.yellow;
    output.print([`${paint(style.bold(HEADINGS[outcome]))} ${printableLine(summary)}`]);
  }
  return EXIT_CODES.done;
}

const HEADINGS = {
  ended: 'Ended and proven:',
  lost: 'Gone already:',
  superseded: 'Not removed:',
  already_closed: 'Nothing to do:',
  owned: 'Being ended:',
} as const;
