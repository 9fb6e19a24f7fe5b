import type { Plan } from 'operator-core';
import type { Invocation } from '../../command/command.ts';
import { formatPlan } from '../../output/plan-view.ts';
import type { SecretDefs } from '../../output/plan-view.ts';

/** Before anything is asked, a person sees everything; a program gets it as data. */
export function showPlan(
  plan: Plan,
  { io, output }: Pick<Invocation, 'io' | 'output'>,
  definitions: SecretDefs = {},
): void {
  if (output.format === 'ndjson') output.emit('operator.plan/1', plan);
  if (output.format === 'text' || (io.isTTY.stdin && io.isTTY.stderr)) {
    output.note([...formatPlan(plan, output.notes, definitions), '']);
  }
}
