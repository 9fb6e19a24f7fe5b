import type { ActionDefinition, OperatorError, Plan } from 'operator-core';
import type { GatedSubject } from 'operator-engine';
import { confirmPlan } from './confirm-plan.ts';
import type { EngineCall } from '../../builders/engine-command.ts';
import { formatCall } from '../../command/format-call.ts';
import { noteForesight } from './note-foresight.ts';
import { formatChanges } from '../../output/changes-view.ts';
import { formatError } from '../../output/error-view.ts';
import { refusalError, reportNothingToDo } from './report-unplanned.ts';
import { toErrorView } from '../../output/report-error.ts';
import { keepRunFlags } from '../../arguments/run-options.ts';
import { showPlan } from './show-plan.ts';

interface Stale {
  readonly error: OperatorError;
  readonly subject: GatedSubject;
  readonly definitions: ActionDefinition['parameters'];
  /** Options that the plan does not hold. */
  readonly secrets: Readonly<Record<string, string>>;
  readonly call: EngineCall;
}

/**
 * Makes a stale plan again, shows the differences and asks, because the consent to the old plan does not cover
 * the new one. `null` when there is nothing left to do. Throws when the plan is refused or not confirmed.
 */
export async function replan(before: Plan, stale: Stale): Promise<Plan | null> {
  const { error, subject, definitions, secrets, call } = stale;
  const { invocation, scanned } = call;
  const { io, output } = invocation;
  if (output.format === 'text') output.note([...formatError(toErrorView(error), output.notes), '']);
  const { action, parameters } = before;
  const options = { signal: io.signal, isAskedFor: true };
  const result = await subject.plan(action, { ...parameters, ...secrets }, options);
  if (result.kind === 'refused') throw refusalError(result);
  if (result.kind === 'nothing_to_do') {
    reportNothingToDo(result, output);
    return null;
  }
  const { diffPlans } = await import('operator-engine');
  const changes = diffPlans(before, result.plan);
  if (output.format === 'ndjson') {
    const digests = { before: before.digest, now: result.plan.digest };
    output.emit('operator.plan_changes/1', { ...digests, changes });
  } else {
    output.note([...formatChanges(changes, output.notes), '']);
  }
  showPlan(result.plan, invocation, definitions);
  await noteForesight(result.plan, subject, invocation);
  const definition = { name: action, parameters: definitions };
  const next = { command: 'run', rest: [...keepRunFlags(scanned), '--yes'], subject: subject.name };
  const command = formatCall(invocation, { definition, parameters }, next);
  const flags = new Map([...scanned.flags].filter(([name]) => name !== 'yes'));
  await confirmPlan(result.plan, { invocation, command, scanned: { ...scanned, flags } });
  return result.plan;
}
