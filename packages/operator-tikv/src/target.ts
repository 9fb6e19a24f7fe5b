import type { PlannedRequest, PlanOutcome } from 'operator-core';
import type { PDClient } from './pd/index.ts';

/** Plans, and names in every request the endpoints that may take it. */
export async function withTarget(
  pd: PDClient,
  _signal: AbortSignal,
  plan: () => Promise<PlanOutcome>,
): Promise<PlanOutcome> {
  const outcome = await plan();
  if (outcome.kind !== 'draft') return outcome;
  const target = pd.endpoints.toSorted();
  const targeted = (request: PlannedRequest): PlannedRequest => ({ ...request, target });
  const [first, ...others] = outcome.requests;
  return { ...outcome, requests: [targeted(first), ...others.map(targeted)] };
}
