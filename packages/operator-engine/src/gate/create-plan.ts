import { digestPlan, higherRisk, PLAN_FORMAT } from 'operator-core';
import type { Plan, PlanDraft, PlanSubject } from 'operator-core';
import { deepFreeze } from './deep-freeze.ts';
import type { ActionCall } from './gate-context.ts';

/** Makes the immutable document of a draft: nobody, the plugin included, can change it afterwards. */
export function createPlan(
  draft: PlanDraft,
  call: ActionCall,
  options: { subject: PlanSubject; validForMs: number },
): Plan {
  const { subject, validForMs } = options;
  const now = Date.now();
  const { action, definition, parameters } = call;
  const content: Omit<Plan, 'digest'> = structuredClone({
    format: PLAN_FORMAT,
    createdAt: new Date(now).toISOString(),
    expiresAt: new Date(now + validForMs).toISOString(),
    subject,
    action: action.name,
    parameters,
    summary: draft.summary,
    evidence: draft.evidence,
    effects: draft.effects,
    impact: draft.impact,
    warnings: draft.warnings ?? [],
    requests: draft.requests,
    resources: draft.resources,
    riskLevel: higherRisk(definition.riskLevel, draft.riskLevel ?? 'low'),
    requiresApproval: definition.requiresApproval,
    inverse: draft.inverse,
    standingEffect: draft.standingEffect ?? null,
    deadlineMs: draft.deadlineMs,
    settleMs: draft.settleMs ?? 0,
  });
  const { format, ...rest } = content;
  return deepFreeze({ format, digest: digestPlan(content), ...rest });
}
