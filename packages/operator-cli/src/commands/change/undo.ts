import { helpOf } from '../../command/parse-arguments.ts';
import { isConfirmed } from '../../asking/confirm.ts';
import { confirmPlan } from './confirm-plan.ts';
import { createEngineCommand, RUN_OPERAND } from '../../builders/engine-command.ts';
import type { EngineCall } from '../../builders/engine-command.ts';
import { followEvents } from '../report/follow-events.ts';
import { formatNext } from '../../command/format-next.ts';
import { noteForesight } from './note-foresight.ts';
import { reportRun } from '../report/report-run.ts';
import {
  checkLease,
  checkRunFlags,
  keepRunFlags,
  readRunOptions,
  RUN_FLAGS,
} from '../../arguments/run-options.ts';
import { showPlan } from './show-plan.ts';
import { noteCondition, readCondition } from './until.ts';

/** See `operator undo --help`. */
export const undoCommand = createEngineCommand({
  name: 'undo',
  summary: 'Undo a run through the same gate: plan the inverse, ask, send, prove.',
  usage: 'RUN [--yes] [--no-wait] [flags]',
  details: [
    'The inverse was recorded when the run was planned. If the system has changed since, the undo is refused with the reasons.',
  ],
  flags: RUN_FLAGS,
  examples: [['operator undo RUN', 'show the plan of the undo, then ask']],
  operand: RUN_OPERAND,
  check: checkRunFlags,
  needsLedger: true,
  use: undo,
});

async function undo({ engine, invocation, scanned, operand }: EngineCall): Promise<number> {
  const { signal } = invocation.io;
  const { subject, plan, purpose } = await engine.runs.planUndo(operand, {
    signal,
    isConfirmed: isConfirmed(scanned),
  });
  checkLease(plan, scanned, helpOf(invocation));
  const until = await readCondition(subject, scanned, invocation);
  showPlan(plan, invocation, subject.actions.getDefinition(plan.action)?.parameters);
  await noteForesight(plan, subject, invocation);
  noteCondition(until, invocation);
  const command = formatNext(invocation, ['undo', operand, ...keepRunFlags(scanned), '--yes']);
  await confirmPlan(plan, { invocation, scanned, command });
  const events = subject.apply(plan, { signal, purpose, ...readRunOptions(scanned) });
  return reportRun(await followEvents(events, invocation.output), { invocation, engine });
}
