import { createEngineCommand, RUN_OPERAND } from '../../builders/engine-command.ts';
import type { EngineCall } from '../../builders/engine-command.ts';
import { EXIT_CODES } from '../../errors/exit-code.ts';
import { formatRunPage } from '../../output/run-page.ts';

/** See `operator runs show --help`. */
export const showRunCommand = createEngineCommand({
  name: 'runs show',
  summary: 'Show one run: plan, requests, answers, evidence and timeline.',
  usage: 'RUN [flags]',
  examples: [['operator runs show RUN', 'all records of a run']],
  operand: RUN_OPERAND,
  needsLedger: true,
  use: show,
});

async function show({ engine, invocation, operand }: EngineCall): Promise<number> {
  const { output } = invocation;
  const run = await engine.runs.get(operand);
  const events = await engine.runs.events(operand);
  if (output.format === 'text') output.print(formatRunPage({ run, events }, output.data));
  else output.emit('operator.run_details/1', { ...run, events });
  return EXIT_CODES.done;
}
