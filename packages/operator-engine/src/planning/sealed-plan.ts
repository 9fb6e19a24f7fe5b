import { digestPlan } from 'operator-core';
import type { OperatorError, Plan } from 'operator-core';
import { createEngineError } from '../errors/engine-error.ts';
import type { PlanFault } from '../ledger/claim.ts';
import type { RunDetails, RunRecord } from '../ledger/run-record.ts';

/** Throws `PLAN_DIGEST_MISMATCH` when a plan that is about to be sent does not have its digest. */
export function requireSealed(plan: Plan): void {
  const actual = digestPlan(plan);
  if (actual === plan.digest) return;
  throw createEngineError('PLAN_DIGEST_MISMATCH', {
    message: `The plan for ${plan.action} was changed while it was carried out; its next request was not sent.`,
    remedy: 'Report it: the plan in memory does not have its digest any more.',
    facts: { digest: plan.digest, actual },
  });
}

/**
 * Throws `PLAN_DIGEST_MISMATCH` when the plan of a run in the ledger is not the recorded one: its inverse, its
 * cancel and its verification then prove nothing.
 */
export function requireIntact(run: RunDetails): void {
  const error = findAlteration(run);
  if (error !== null) throw error;
}

/** `PLAN_DIGEST_MISMATCH` for a run whose plan is not the recorded one, or `null`. */
export function findAlteration(run: RunDetails): OperatorError | null {
  const actual = digestOf(run.plan);
  if (actual === run.digest && run.plan.digest === run.digest) return null;
  const message = 'its plan has another digest than was recorded';
  return createAltered(run, { message, recorded: run.digest, actual });
}

function digestOf(plan: Plan): string {
  try {
    return digestPlan(plan);
  } catch {
    return 'unreadable';
  }
}

/** `PLAN_DIGEST_MISMATCH` for a run whose plan, or row, is not what the ledger recorded. */
export function createAltered(run: RunRecord, fault: PlanFault): OperatorError {
  return createEngineError('PLAN_DIGEST_MISMATCH', {
    message: `Run ${run.id} was not carried on: ${fault.message}. The ledger was changed by something else than Operator.`,
    remedy: 'Look at `operator ledger check` and at who may write the ledger, then plan again.',
    facts: { runId: run.id, recorded: fault.recorded, actual: fault.actual },
  });
}
