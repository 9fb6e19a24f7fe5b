import type { ActionDefinition, Plan } from 'operator-core';
import type { RunResult } from 'operator-engine';
import { readSwitch } from '../arguments/parse-arguments.ts';
import { ACTIONS } from '../catalogs.ts';
import { COMMAND_FLAGS } from '../arguments/flag.ts';
import type { Command, Invocation } from '../command.ts';
import { confirmPlan } from '../confirm-plan.ts';
import { callDescribed } from '../described-call.ts';
import type { DescribedCall } from '../described-call.ts';
import { exitCodeOf } from '../exit-code.ts';
import { formatPlan } from '../output/plan-view.ts';
import { createProgress } from '../output/progress.ts';
import { refusalError, reportNothingToDo } from '../planning.ts';
import { reportRun } from '../report-run.ts';

type Call = DescribedCall<ActionDefinition>;

/** See `operator run --help`. */
export const runCommand: Command = {
  name: 'run',
  summary: 'Plan an action, ask, send it, and watch until its effect is proven.',
  usage: 'ACTION [--PARAMETER VALUE …] [--yes] [--no-wait] [flags]',
  details: [
    'Accepted is not done: the run ends well only when the effect has been seen and has held. Ctrl-C stops the watching, says in what state the system was left, and prints the command that goes on watching.',
  ],
  flags: [COMMAND_FLAGS.params, COMMAND_FLAGS.yes, COMMAND_FLAGS.wait],
  examples: [['operator actions', 'which actions there are']],
  execute,
};

async function execute(invocation: Invocation): Promise<number> {
  return callDescribed(invocation, {
    catalog: ACTIONS,
    use: async (call) => {
      const { io, output } = invocation;
      const { subject, definition, parameters } = call;
      const result = await subject.plan(definition.name, parameters, { signal: io.signal });
      if (result.kind === 'refused') throw refusalError(result);
      if (result.kind === 'nothing_to_do') return reportNothingToDo(result, output);
      showPlan(result.plan, { invocation, call });
      await confirmPlan(result.plan, { invocation, call });
      const run = await follow(result.plan, { invocation, call });
      reportRun(run, { invocation, call });
      return exitCodeOf(run.error);
    },
  });
}

/** Before anything is asked, a person sees everything; a program gets it as data. */
function showPlan(plan: Plan, { invocation, call }: { invocation: Invocation; call: Call }): void {
  const { io, output } = invocation;
  if (output.format === 'ndjson') output.emit(plan);
  if (output.format === 'text' || (io.isTTY.stdin && io.isTTY.stderr)) {
    output.note([...formatPlan(plan, output.notes, call.definition.parameters), '']);
  }
}

async function follow(
  plan: Plan,
  { invocation, call }: { invocation: Invocation; call: Call },
): Promise<RunResult> {
  const { io, output } = invocation;
  const progress = createProgress(output);
  const wait = readSwitch(call.scanned, 'wait') ?? true;
  const events = call.subject.apply(plan, { signal: io.signal, wait });
  try {
    for (;;) {
      const { value, done } = await events.next();
      if (done === true) return value;
      if (value.kind === 'finished') continue;
      if (output.format === 'ndjson') output.emit({ format: 'operator.run_event/1', ...value });
      else progress.show(value);
    }
  } finally {
    progress.end();
  }
}
