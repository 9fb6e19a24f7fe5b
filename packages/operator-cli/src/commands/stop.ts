import type { EngineMode, Lease, RunRecord } from 'operator-engine';
import { readReason, REASON, requireReason } from '../arguments/common-flags.ts';
import { readSwitch } from '../arguments/parse-arguments.ts';
import { createEngineCommand } from '../engine-command.ts';
import type { EngineCall } from '../engine-command.ts';
import { EXIT_CODES } from '../exit-code.ts';
import { formatLeases } from '../output/lease-view.ts';
import { formatMode } from '../output/mode-view.ts';
import type { Output } from '../output/output.ts';
import { printableLine } from '../output/printable.ts';

/** See `operator stop --help`. */
export const stopCommand = createEngineCommand({
  name: 'stop',
  summary:
    'The kill switch: every process, at once. Runs under way stop before their next side effect.',
  usage: '--reason TEXT [--cancel] [flags]',
  details: ['Leases are not ended either while it is thrown: the command lists those in force.'],
  flags: [
    REASON,
    { name: 'cancel', description: 'Also take back what systems still have in hand of runs.' },
  ],
  examples: [["operator stop --reason 'the graphs look wrong'", 'stop everything']],
  check: requireReason,
  use: stop,
});

async function stop(call: EngineCall): Promise<number> {
  const { engine, invocation } = call;
  const { output } = invocation;
  const { status, cancelled } = await throwSwitch(call);
  const leases = await engine.leases.list({ states: ['active', 'ending'] });
  const underWay = await engine.runs.list({ states: ['executing', 'verifying'] });
  if (output.format !== 'text') {
    output.emit({ format: 'operator.stop/1', status, cancelled, underWay, leases });
    return EXIT_CODES.done;
  }
  output.print(formatMode(status, output.data));
  for (const { run, summary } of cancelled) {
    output.print([`Run ${run.id}: ${printableLine(summary)}`]);
  }
  noteRuns(underWay, output);
  noteLeases(leases, output);
  return EXIT_CODES.done;
}

async function throwSwitch({
  engine,
  invocation: { io, output },
  scanned,
}: EngineCall): ReturnType<EngineMode['stop']> {
  const { signal } = io;
  const cancel = readSwitch(scanned, 'cancel') === true;
  try {
    return await engine.mode.stop({ reason: readReason(scanned), cancel, signal });
  } catch (error) {
    // Whoever no longer waits for the runs that are to be cancelled has stopped everything all the same.
    if (signal.aborted) output.note(formatMode(await engine.mode.get(), output.notes));
    throw error;
  }
}

/** What was sent before cannot be stopped any more: nobody is to take silence for that. */
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
