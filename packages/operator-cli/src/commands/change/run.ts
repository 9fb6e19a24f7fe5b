import type { RunEvent, RunResult } from 'operator-engine';
import { COMMAND_FLAGS } from '../../arguments/flag.ts';
import { helpOf } from '../../command/parse-arguments.ts';
import { ACTIONS } from '../../builders/catalogs.ts';
import type { Command, Invocation } from '../../command/command.ts';
import { isConfirmed } from '../../asking/confirm.ts';
import { confirmPlan } from './confirm-plan.ts';
import { callDescribed } from '../../builders/described-call.ts';
import { followEvents } from '../report/follow-events.ts';
import { noteForesight } from './note-foresight.ts';
import { refusalError, reportNothingToDo } from './report-unplanned.ts';
import { reportRun } from '../report/report-run.ts';
import {
  checkLease,
  checkRunFlags,
  keepRunFlags,
  readRunOptions,
  RUN_FLAGS,
} from '../../arguments/run-options.ts';
import { showPlan } from './show-plan.ts';
import { formatCall } from '../../command/format-call.ts';
import { noteCondition, readCondition, requireCondition } from './until.ts';

/** See `operator run --help`. */
export const runCommand: Command = {
  name: 'run',
  summary: 'Plan an action, ask, send it, and watch until its effect is proven.',
  usage:
    'ACTION [--PARAMETER VALUE …] [--for DURATION] [--until CONDITION] [--yes] [--no-wait] [flags]',
  details: [
    'Accepted is not done: the run succeeds only when the effect was seen and has held. Ctrl-C stops watching, reports the state of the system, and prints the command that continues watching.',
    'Done is not fixed: without --until the run reports only what it did and proved. With --until it reads the condition before the change, and after the proof until it holds; if it does not hold in time, the command ends with 9. A condition is OBSERVATION.rows=0, OBSERVATION[FIELD=VALUE].FIELD<10, or OBSERVATION.FIELD=VALUE for an observation without rows; parameters follow the name, as in lamp(id=2).power=0.',
    'If the policy requires the consent of other people, the run waits for it in the ledger: the command prints the id of the run and ends with 6.',
    'If a limit of the policy, another run, the mode or the kill switch blocks the run, it waits in the ledger as well: the command ends with 5, and a running `operator watch` starts the run later, unless it expires first. `operator cancel RUN` prevents that.',
  ],
  flags: [COMMAND_FLAGS.params, ...RUN_FLAGS],
  examples: [['operator actions', 'list the actions']],
  execute,
};

async function execute(invocation: Invocation): Promise<number> {
  return callDescribed(invocation, {
    catalog: ACTIONS,
    check: checkRunFlags,
    use: async (call) => {
      const { subject, definition, parameters, scanned } = call;
      const { signal } = invocation.io;
      const follow = async (events: AsyncGenerator<RunEvent, RunResult>): Promise<number> => {
        const run = await followEvents(events, invocation.output);
        return reportRun(run, { invocation, engine: call.engine });
      };
      const options = { signal, ...readRunOptions(scanned) };
      const until = await readCondition(subject, scanned, invocation);
      const earlier = await subject.recall(definition.name, parameters, options);
      if (earlier !== null) {
        invocation.output.note([`This is run ${earlier.id}, made before with the same key.`]);
        return follow(subject.run(earlier.id, options));
      }
      const result = await subject.plan(definition.name, parameters, {
        signal,
        isAskedFor: true,
        isConfirmed: isConfirmed(scanned),
      });
      if (result.kind === 'refused') throw refusalError(result);
      if (result.kind === 'nothing_to_do') {
        requireCondition(until, result.summary);
        return reportNothingToDo(result, invocation.output);
      }
      const { plan } = result;
      checkLease(plan, scanned, helpOf(invocation, definition.name));
      showPlan(plan, invocation, definition.parameters);
      await noteForesight(plan, subject, invocation);
      noteCondition(until, invocation);
      const next = { command: 'run', rest: [...keepRunFlags(scanned), '--yes'] };
      const command = formatCall(invocation, call, next);
      await confirmPlan(plan, { invocation, scanned, command });
      return follow(subject.apply(plan, options));
    },
  });
}
