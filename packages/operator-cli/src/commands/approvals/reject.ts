import { readReason, REASON, requireReason } from '../../arguments/common-flags.ts';
import { createEngineCommand, RUN_OPERAND } from '../../builders/engine-command.ts';
import type { EngineCall } from '../../builders/engine-command.ts';
import { EXIT_CODES } from '../../errors/exit-code.ts';
import { formatPlan } from '../../output/plan-view.ts';

/** See `operator reject --help`. */
export const rejectCommand = createEngineCommand({
  name: 'reject',
  summary: 'Reject a run that waits for approval. It will never send anything.',
  usage: 'RUN --reason TEXT [flags]',
  flags: [REASON],
  examples: [["operator reject RUN --reason 'not before the release'", 'say no']],
  operand: RUN_OPERAND,
  check: requireReason,
  needsLedger: true,
  use: reject,
});

async function reject({ engine, invocation, scanned, operand }: EngineCall): Promise<number> {
  const { output } = invocation;
  const { plan } = await engine.runs.get(operand);
  if (output.format === 'text') output.note([...formatPlan(plan, output.notes), '']);
  const run = await engine.approvals.reject(operand, { reason: readReason(scanned) });
  if (output.format === 'text') output.print([`Rejected: run ${run.id}. Nothing was sent.`]);
  else output.emit('operator.rejection/1', { run, plan });
  return EXIT_CODES.done;
}
