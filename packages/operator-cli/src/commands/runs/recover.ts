import type { RecoveredRun, RunRecord } from 'operator-engine';
import { createEngineCommand } from '../../builders/engine-command.ts';
import type { EngineCall } from '../../builders/engine-command.ts';
import { exitCodeOf, EXIT_CODES } from '../../errors/exit-code.ts';
import { describeLeft, formatCode } from '../../output/ledger-words.ts';
import type { Look } from '../../output/output.ts';
import { printableLine } from '../../output/printable.ts';
import { reportList } from '../../output/report-list.ts';
import { formatTable } from '../../output/table.ts';

/** See `operator runs recover --help`. */
export const recoverRunsCommand = createEngineCommand({
  name: 'runs recover',
  summary:
    'Read the system to find the results of unknown runs, and of runs whose process died. Sends nothing.',
  usage: '[flags]',
  examples: [['operator runs recover', 'after a crash']],
  needsLedger: true,
  use: recover,
});

async function recover({ engine, invocation }: EngineCall): Promise<number> {
  const { io, output } = invocation;
  const runs = await engine.runs.recover({ signal: io.signal });
  const waiting = await engine.runs.list({ states: ['approved'], limit: 1000 });
  const { toRecoveryDocument } = await import('operator-engine');
  const document = toRecoveryDocument(runs, waiting);
  reportList(output, {
    all: { format: 'operator.recovery/1', content: document },
    each: 'operator.recovered_run/1',
    rows: document.runs,
    lines: () => formatRecovered(runs, output.data),
  });
  if (output.format === 'text') output.note(formatWaiting(waiting));
  // A run that could not be read is one that this command was asked to recover and did not.
  const unsettled = runs.find(({ state, error }) => error !== null && !isSettled(state));
  return unsettled === undefined ? EXIT_CODES.done : exitCodeOf(unsettled.error);
}

function formatRecovered(runs: readonly RecoveredRun[], look: Look): readonly string[] {
  if (runs.length === 0) {
    return ['Nothing to recover: no run is without a living runner, or of unknown outcome.'];
  }
  const titles = ['Run', 'Was', 'Is', 'What is known'];
  const rows = runs.map(({ runId, before, state, summary }) => [
    runId,
    formatCode(before),
    formatCode(state),
    printableLine(summary),
  ]);
  return formatTable({ columns: titles.map((title) => ({ title })), rows }, look);
}

/** Runs that a dead process may have left before it sent anything: reading settles nothing about them. */
function formatWaiting(waiting: readonly RunRecord[]): readonly string[] {
  if (waiting.length === 0) return [];
  return [
    '',
    'Allowed but not started; nothing was sent:',
    ...waiting.map((run) => `${run.id}  ${printableLine(run.summary)} ${describeLeft(run)}`),
  ];
}

function isSettled(state: RecoveredRun['state']): boolean {
  return !['executing', 'verifying', 'unknown'].includes(state);
}
