import { createPlan, toPlanSubject } from './create-plan.ts';
import { draftAction } from './draft-action.ts';
import type { ActionCall, GateContext } from '../subject/gate-context.ts';
import { maskParameters } from '../secrets/secret-values.ts';
import type { PlanningResult } from './planning-result.ts';

/** Plans an action: a plan, nothing to do, or a refusal. Reads only. */
export async function planAction(
  context: GateContext,
  call: ActionCall,
  options: { signal?: AbortSignal | undefined; validForMs?: number | undefined } = {},
): Promise<PlanningResult> {
  const { signal, validForMs = context.limits.planValidMs } = options;
  const { system, outcome } = await draftAction(context, call, signal);
  const subject = toPlanSubject(context, system);
  if (outcome.kind === 'draft') {
    const now = context.services.clock.now();
    const plan = createPlan(outcome, call, { subject, now, validForMs });
    context.planSecrets.remember(plan.digest, call.secrets);
    return { kind: 'plan', plan };
  }
  const parameters = maskParameters(call.parameters, call.secrets);
  return { ...outcome, subject, action: call.action.name, parameters };
}
