import type { EnginePlace, Lease, RunRecord, StopResult } from 'operator-engine';
import { NO_REASON, REASON } from '../../arguments/common-flags.ts';
import { readFlag, readSwitch } from '../../arguments/read-flag.ts';
import { keepFlags } from '../../arguments/format-command.ts';
import { createEngineCommand } from '../../builders/engine-command.ts';
import type { EngineCall } from '../../builders/engine-command.ts';
import { EXIT_CODES } from '../../errors/exit-code.ts';
import { formatNext } from '../../command/format-next.ts';
import { formatLeases } from '../../output/lease-view.ts';
import { formatMode } from '../../output/mode-view.ts';
import type { Output } from '../../output/output.ts';
import { printableLine } from '../../output/printable.ts';
import { formatPairs } from '../../output/table.ts';
import { isNotStopped, untilWritten } from '../../output/until-written.ts';

/** See `operator stop --help`. */
export const stopCommand = createEngineCommand({
  name: 'stop',
  summary:
    'Throw the kill switch for all processes. Runs under way stop before their next side effect.',
  usage: '[--reason TEXT] [--cancel] [flags]',
  details: [
    'You can add the reason later with the same command. While the kill switch is on, no lease ends; the command lists the leases in force.',
    'If the ledger is busy, its disk is full or its server does not answer, the command keeps trying. Meanwhile no run can send anything, because each request is recorded in the ledger first.',
  ],
  flags: [
    REASON,
    {
      name: 'cancel',
      description: 'Also cancel the work that systems still have in progress for runs.',
    },
  ],
  examples: [
    ['operator stop', 'stop everything'],
    ["operator stop --reason 'the graphs look wrong'", 'stop everything, and say why'],
  ],
  needsLedger: true,
  use: stop,
});

async function stop(call: EngineCall): Promise<number> {
  const { engine, invocation } = call;
  const { output } = invocation;
  const place = await engine.describePlace();
  if (output.format === 'text') notePlace(place, output);
  const stopped = await throwSwitch(call);
  if (output.format !== 'text') {
    output.emit('operator.stop/1', { ...place, ...stopped });
    return EXIT_CODES.done;
  }
  const { status, cancelled, underWay, leases } = stopped;
  output.print(formatMode(status, output.data));
  for (const { run, summary } of cancelled) {
    output.print([`Run ${run.id}: ${printableLine(summary)}`]);
  }
  noteRuns(underWay, output);
  noteLeases(leases, output);
  if (status.stop?.reason === NO_REASON) noteReason(call);
  return EXIT_CODES.done;
}

/** Names the stopped ledger, so that it is not mistaken for another. */
function notePlace({ config, ledger, subjects }: EnginePlace, output: Output): void {
  const pairs = [
    ['Configuration', printableLine(config)],
    ['Ledger', printableLine(ledger)],
    ['Subjects', printableLine(subjects.join(', '))],
  ] as const;
  output.note(formatPairs(pairs));
}

function noteReason({ invocation, scanned }: EngineCall): void {
  const words = ['stop', ...keepFlags(scanned, ['cancel']), '--reason'];
  invocation.output.note(['', `To say why: ${formatNext(invocation, words)} TEXT`]);
}

async function throwSwitch({
  engine,
  invocation: { io, output },
  scanned,
}: EngineCall): Promise<StopResult> {
  const { signal } = io;
  const cancel = readSwitch(scanned, 'cancel') === true;
  try {
    const change = { reason: readFlag(scanned, 'reason')?.trim() || undefined, cancel, signal };
    return await untilWritten(async () => engine.mode.stop(change), { output, signal });
  } catch (error) {
    // Everything stays stopped after an interrupted wait for the cancelled runs.
    if (signal.aborted && !isNotStopped(error)) {
      output.note(formatMode(await engine.mode.get(), output.notes));
    }
    throw error;
  }
}

/** Notes the runs that had sent something before the stop: it does not reach them. */
function noteRuns(runs: readonly RunRecord[], output: Output): void {
  if (runs.length === 0) return;
  const { style } = output.notes;
  output.note([
    '',
    style.yellow(style.bold('Under way; what they have sent may still take effect:')),
    ...runs.map(({ id, state, summary }) => `${id}  ${state}  ${printableLine(summary)}`),
  ]);
}

function noteLeases(leases: readonly Lease[], output: Output): void {
  if (leases.length === 0) return;
  const { notes } = output;
  const { style } = notes;
  output.note([
    '',
    style.yellow(style.bold(`${leases.length} in force, and not ended until \`operator resume\`:`)),
    ...formatLeases(leases, notes),
  ]);
}
