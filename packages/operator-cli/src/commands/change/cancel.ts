import { readReason, REASON } from '../../arguments/common-flags.ts';
import { createEngineCommand, RUN_OPERAND } from '../../builders/engine-command.ts';
import type { EngineCall } from '../../builders/engine-command.ts';
import { EXIT_CODES } from '../../errors/exit-code.ts';
import { formatNext } from '../../command/format-next.ts';
import { printableLine } from '../../output/printable.ts';

/** See `operator cancel --help`. */
export const cancelCommand = createEngineCommand({
  name: 'cancel',
  summary:
    'Cancel a run: prevent its start, or cancel the work that the system has in progress for it.',
  usage: 'RUN [--reason TEXT] [flags]',
  flags: [REASON],
  examples: [['operator cancel RUN', 'cancel a run']],
  operand: RUN_OPERAND,
  needsLedger: true,
  use: cancel,
});

async function cancel({ engine, invocation, scanned, operand }: EngineCall): Promise<number> {
  const { io, output } = invocation;
  const reason = readReason(scanned);
  const cancelled = await engine.runs.cancel(operand, { reason, signal: io.signal });
  const { outcome, run, summary } = cancelled;
  if (output.format !== 'text') {
    output.emit('operator.cancellation/1', { outcome, run, summary });
  } else {
    const { style } = output.data;
    const paint = outcome === 'cancelled' ? style.green : style.yellow;
    output.print([`${paint(style.bold(HEADINGS[outcome]))} ${printableLine(summary)}`]);
    if (outcome !== 'cancelled') {
      output.note(['', `What is known: ${formatNext(invocation, ['runs', 'show', operand])}`]);
    }
  }
  return EXIT_OF[outcome];
}

const HEADINGS = {
  cancelled: 'Cancelled:',
  requested: 'Asked to stop:',
  too_late: 'Too late:',
} as const;

const EXIT_OF = {
  cancelled: EXIT_CODES.done,
  requested: EXIT_CODES.unverified,
  too_late: EXIT_CODES.refused,
} as const;
