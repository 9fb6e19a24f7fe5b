import { createEngineCommand, RUN_OPERAND } from '../../builders/engine-command.ts';
import type { EngineCall } from '../../builders/engine-command.ts';
import { EXIT_CODES } from '../../errors/exit-code.ts';
import { formatRunReasons } from '../../output/reasons-view.ts';

/** See `operator audit explain --help`. */
export const explainAuditCommand = createEngineCommand({
  name: 'audit explain',
  summary: 'Explain why a run was allowed or not: the rule, the evidence and the consents.',
  usage: 'RUN [flags]',
  examples: [['operator audit explain RUN', 'the reasons for this run']],
  operand: RUN_OPERAND,
  needsLedger: true,
  use: explainRun,
});

async function explainRun({ engine, invocation, operand }: EngineCall): Promise<number> {
  const { output } = invocation;
  const details = await engine.runs.get(operand);
  const entries = await engine.runs.events(operand);
  if (output.format === 'text') {
    output.print(formatRunReasons({ details, entries }, output.data));
    return EXIT_CODES.done;
  }
  const { toAuditExplanation } = await import('operator-engine');
  output.emit('operator.audit_explanation/1', toAuditExplanation(details, entries));
  return EXIT_CODES.done;
}
