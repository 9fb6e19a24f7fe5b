import { createEngineCommand, RUN_OPERAND } from '../../builders/engine-command.ts';
import { followEvents } from '../report/follow-events.ts';
import { reportRun } from '../report/report-run.ts';

/** See `operator runs watch --help`. */
export const watchRunCommand = createEngineCommand({
  name: 'runs watch',
  summary: 'Follow a run until it ends; same exit code as `operator run`.',
  usage: 'RUN [flags]',
  details: [
    'The command shows past and new events. If the process of the run has died, this process takes over and reads the result; it sends nothing again. It never starts a run.',
  ],
  examples: [['operator runs watch RUN', 'follow it to its end']],
  operand: RUN_OPERAND,
  needsLedger: true,
  use: async ({ engine, invocation, operand }) => {
    const events = engine.runs.follow(operand, { signal: invocation.io.signal });
    return reportRun(await followEvents(events, invocation.output), { invocation, engine });
  },
});
