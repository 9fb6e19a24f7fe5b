import { higherRisk, PLAN_FORMAT } from 'operator-core';
import type { Plan, PlanSubject, SystemIdentity } from 'operator-core';
import { maskParameters } from '../secrets/secret-values.ts';
import type { ActionCall, GateContext } from '../subject/gate-context.ts';
import { draftAction } from './draft-action.ts';
import { beginReading } from './plan-reading.ts';
import type { PlanReading } from './plan-reading.ts';
import type { PlanningResult } from './planning-result.ts';
import type { TargetedDraft } from './targeted-draft.ts';
import { sealPlan } from './trusted-plan.ts';
import type { TrustedPlan } from './trusted-plan.ts';

/** Options of {@link planAction}. */
export interface PlanActionOptions {
  readonly signal?: AbortSignal | undefined;
  readonly validForMs?: number | undefined;
  /** True when the plan is carried out at once, without asking: its reading may then be the last before sending. Default: false. */
  readonly isConfirmed?: boolean | undefined;
}

/** Plans an action: a plan, nothing to do, or a refusal. Reads only. */
export async function planAction(
  context: GateContext,
  call: ActionCall,
  options: PlanActionOptions = {},
): Promise<PlanningResult> {
  const { signal, validForMs = context.limits.planValidMs, isConfirmed = false } = options;
  const reading = isConfirmed ? await beginReading(context.services) : null;
  const { system, outcome } = await draftAction(context, call, signal);
  const subject = toPlanSubject(context, system);
  if (outcome.kind === 'draft') {
    const now = context.services.clock.now();
    const plan = createPlan(outcome, call, { subject, now, validForMs, reading });
    context.planSecrets.remember(plan.digest, call.secrets);
    return { kind: 'plan', plan };
  }
  const parameters = maskParameters(call.parameters, call.secrets);
  return { ...outcome, subject, action: call.action.name, parameters };
}

/** The subject of a plan: its names, the system that answered, and whether the host sees what is sent. */
export function toPlanSubject(
  { subjectName: name, loaded }: GateContext,
  system: SystemIdentity,
): PlanSubject {
  const { name: plugin, guard } = loaded.plugin;
  return { name, plugin, system, ...(guard === undefined ? {} : { guard }) };
}

/**
 * Makes the immutable document of a draft, with stand-ins for secret parameters. Nothing can change it
 * afterwards, the plugin included.
 */
export function createPlan(
  draft: TargetedDraft,
  call: ActionCall,
  options: {
    readonly subject: PlanSubject;
    readonly now: number;
    readonly validForMs: number;
    /** Digest of the document that the plan is made again from. Default: its own. */
    readonly document?: string;
    /** Default: the plan is checked again before it is carried out. */
    readonly reading?: PlanReading | null;
  },
): TrustedPlan {
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
  return sealPlan(content, { document: options.document, reading: options.reading });
}
