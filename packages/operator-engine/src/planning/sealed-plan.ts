import { advise, OperatorError } from 'operator-core';
import type { Plan } from 'operator-core';
import { createEngineError } from '../errors/engine-error.ts';
import { operations } from '../errors/operations.ts';
import type { PlanFault } from '../ledger/claim.ts';
import type { RunDetails, RunRecord } from '../ledger/run-record.ts';
import { isTrusted, trustPlan } from './trusted-plan.ts';
import type { TrustedPlan } from './trusted-plan.ts';

/** Throws `PLAN_DIGEST_MISMATCH` when a plan that is about to be sent is not the one that was checked. */
export function requireSealed(plan: Plan): void {
  if (isTrusted(plan)) return;
  throw createEngineError('PLAN_DIGEST_MISMATCH', {
    message: `The plan for ${plan.action} was not checked; its next request was not sent.`,
    remedy: 'Report it: the plan in memory is not the one that was claimed.',
    facts: { digest: plan.digest },
  });
}

/** A run whose plan is the recorded one. */
export type TrustedRun = RunDetails & { readonly plan: TrustedPlan };

/**
 * The run with its plan as a trusted one. Throws `PLAN_DIGEST_MISMATCH` when that is not the recorded one: its inverse, its
 * cancel and its verification then prove nothing. `document`: digest of the document that the plan stands for.
 */
export function trustRun(run: RunDetails, document?: string): TrustedRun {
  const trusted = tryTrustRun(run, document);
  if (OperatorError.isInstance(trusted)) throw trusted;
  return trusted;
}

/** Does what {@link trustRun} does, and returns the error instead of throwing it. */
export function tryTrustRun(run: RunDetails, document = run.digest): TrustedRun | OperatorError {
  const { digest } = run;
  const plan = trustPlan(run.plan, { from: 'ledger', document, digest });
  if (!('actual' in plan)) return { ...run, plan };
  const message = 'its plan has another digest than was recorded';
  return createAltered(run, { message, recorded: digest, actual: plan.actual });
}

/** `PLAN_DIGEST_MISMATCH` for a run whose plan, or row, is not what the ledger recorded. */
export function createAltered(run: RunRecord, fault: PlanFault): OperatorError {
  return createEngineError('PLAN_DIGEST_MISMATCH', {
    message: `Run ${run.id} was not carried on: ${fault.message}. The ledger was changed by something else than Operator.`,
    remedy: advise`Look at ${operations.checkLedger} and at who may write the ledger, then plan again.`,
    facts: { runId: run.id, recorded: fault.recorded, actual: fault.actual },
  });
}
