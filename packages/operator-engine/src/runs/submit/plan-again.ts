import type { Plan } from 'operator-core';
import { checkPlan, checkSystem } from '../../planning/check-plan.ts';
import { createPlan, toPlanSubject } from '../../planning/plan-action.ts';
import type { PlanActionOptions } from '../../planning/plan-action.ts';
import { draftAction } from '../../planning/draft-action.ts';
import { beginReading } from '../../planning/plan-reading.ts';
import type { GateContext } from '../../subject/gate-context.ts';
import { recheck } from '../../planning/recheck.ts';
import type { SecretValues } from '../../secrets/secret-values.ts';
import { resolveCall } from '../../planning/resolve-call.ts';
import { checkNotExpired } from '../../planning/plan-document.ts';
import { trustRun } from '../../planning/sealed-plan.ts';
import { documentOf, isMadeHere } from '../../planning/trusted-plan.ts';
import type { TrustedPlan } from '../../planning/trusted-plan.ts';
import { recordRefusedDocument } from './record-refusal.ts';

/** Options of {@link planAgain}. */
type PlanAgainOptions = Pick<PlanActionOptions, 'signal' | 'isConfirmed'> & {
  readonly secrets?: SecretValues | undefined;
};

/**
 * The plan that is shown to people, decided about and carried out. A digest is no signature: a
 * document from outside may contain anything. So one that this process has not made is made
 * again, from what the system says now; it must still be the same change, and what it says of itself is
 * then the system's word. Of one that has a run already it is that run's plan. Throws `PLAN_INVALID`,
 * `PLAN_DIGEST_MISMATCH`, `PLAN_EXPIRED`, `PLAN_STALE` and `PLAN_FOR_OTHER_SYSTEM`.
 */
export async function planAgain(
  context: GateContext,
  given: Plan,
  options: PlanAgainOptions,
): Promise<TrustedPlan> {
  const { secrets = {} } = options;
  const plan = checkPlan(given, context);
  if (isMadeHere(plan)) return plan;
  context.planSecrets.remember(plan.digest, secrets);
  await context.services.openLedger();
  checkNotExpired(plan, context.services.clock);
  const known = await planOfRun(context, plan);
  if (known !== null) return known;
  try {
    return await makeAgain(context, plan, options);
  } catch (error) {
    // Another process may have carried it out meanwhile, so that it cannot be planned any more.
    const done = await planOfRun(context, plan);
    if (done !== null) return done;
    await recordRefusedDocument(context, plan, error);
    throw error;
  }
}

async function planOfRun(
  { services }: GateContext,
  plan: TrustedPlan,
): Promise<TrustedPlan | null> {
  const { runs } = await services.openLedger();
  const document = documentOf(plan);
  const run = await runs.find({ document });
  return run === null ? null : trustRun(await runs.get(run.id), document).plan;
}

async function makeAgain(
  context: GateContext,
  plan: TrustedPlan,
  { signal, isConfirmed = false }: PlanAgainOptions,
): Promise<TrustedPlan> {
  const call = await resolveCall(context, plan, signal);
  const reading = isConfirmed ? await beginReading(context.services) : null;
  const { system, outcome } = await draftAction(context, call, signal);
  checkSystem(plan, system);
  const draft = recheck(plan, outcome, call.definition.riskLevel);
  const subject = toPlanSubject(context, system);
  const now = context.services.clock.now();
  const left = Date.parse(plan.expiresAt) - now;
  const validForMs = Math.min(left, context.limits.planValidMs);
  const document = documentOf(plan);
  const again = createPlan(draft, call, { subject, now, validForMs, document, reading });
  context.planSecrets.remember(again.digest, call.secrets);
  return again;
}
