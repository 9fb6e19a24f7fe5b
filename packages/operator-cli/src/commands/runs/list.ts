import {
  checkLimit,
  checkNames,
  LIMIT,
  readLimit,
  readNames,
} from '../../arguments/common-flags.ts';
import { readFlag } from '../../arguments/read-flag.ts';
import type { ScannedArguments } from '../../arguments/interpret.ts';
import { createEngineCommand } from '../../builders/engine-command.ts';
import type { EngineCall } from '../../builders/engine-command.ts';
import { EXIT_CODES } from '../../errors/exit-code.ts';
import { reportList } from '../../output/report-list.ts';
import { formatRuns } from '../../output/run-view.ts';

/** Default command of `operator runs`. */
export const listRunsCommand = createEngineCommand({
  name: 'runs',
  summary: 'List the runs, newest first.',
  usage: '[flags]',
  flags: [
    {
      name: 'state',
      value: 'STATE',
      isRepeatable: true,
      description: 'Only runs in this state, as awaiting_approval. May be given several times.',
    },
    { name: 'action', value: 'NAME', description: 'Only runs of this action.' },
    { name: 'by', value: 'USER', description: 'Only runs of this requester.' },
    LIMIT,
  ],
  examples: [['operator runs', 'the newest runs of every subject']],
  check: async (scanned) => {
    const { RUN_STATES } = await import('operator-engine');
    return [...checkLimit(scanned), ...checkNames(scanned, 'state', RUN_STATES)];
  },
  needsLedger: true,
  use: list,
});

async function list({ engine, invocation, scanned }: EngineCall): Promise<number> {
  const { output } = invocation;
  const { RUN_STATES } = await import('operator-engine');
  const states = readNames(scanned, 'state', RUN_STATES);
  const runs = await engine.runs.list({
    limit: readLimit(scanned),
    ...(states.length === 0 ? {} : { states }),
    ...readFilter(scanned),
  });
  reportList(output, {
    all: { format: 'operator.runs/1', content: { runs } },
    each: 'operator.run_record/1',
    rows: runs,
    lines: () => formatRuns(runs, output.data),
  });
  return EXIT_CODES.done;
}

function readFilter(scanned: ScannedArguments): Record<string, string> {
  const flags = { subject: 'subject', action: 'action', requester: 'by' };
  return Object.fromEntries(
    Object.entries(flags).flatMap(([member, flag]) => {
      const text = readFlag(scanned, flag);
      return text === undefined ? [] : [[member, text]];
    }),
  );
}
