import { digestPlan, higherRisk, PLAN_FORMAT } from 'operator-core';
import type { Plan, PlanSubject } from 'operator-core';
import { maskParameters } from '../secrets/secret-values.ts';
import { deepFreeze } from './deep-freeze.ts';
import type { ActionCall } from '../subject/gate-context.ts';
import type { TargetedDraft } from './targeted-draft.ts';

/**
 * Plans created by this process (not read from a file), mapped to the digest of their source document.
 * Deep-frozen.
 */
const made = new WeakMap<Plan, string>();

/** True when this process created the plan: a plan file is untrusted input. */
export function isMadeHere(plan: Plan): boolean {
  return made.has(plan);
}

/** The digest of the document that a plan stands for: its own, unless it was made again from one. */
export function documentOf(plan: Plan): string {
  return made.get(plan) ?? plan.digest;
}

/** Takes a plan that a ledger has kept for one that was made here. */
export function trustPlan(plan: Plan, document: string): Plan {
  const frozen = deepFreeze(plan);
  made.set(frozen, document);
  return frozen;
}

/**
 * Makes the immutable document of a draft, with stand-ins for secret parameters. Nothing can change it
 * afterwards, the plugin included.
 */
export function createPlan(
  draft: TargetedDraft,
  call: ActionCall,
  options: { subject: PlanSubject; now: number; validForMs: number; document?: string },
): Plan {
  const { subject, now, validForMs } = options;
  const { action, definition, parameters } = call;
  const content: Omit<Plan, 'digest'> = structuredClone({
    format: PLAN_FORMAT,
    createdAt: new Date(now).toISOString(),
    expiresAt: new Date(now + validForMs).toISOString(),
    subject,
    action: action.name,
    parameters: maskParameters(parameters, call.secrets),
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
    ...(draft.context === undefined ? {} : { context: draft.context }),
  });
  const { format, ...rest } = content;
  const digest = digestPlan(content);
  return trustPlan({ format, digest, ...rest }, options.document ?? digest);
}
