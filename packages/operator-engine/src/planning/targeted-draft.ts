import { createMisbehaved, isHttpRequest } from 'operator-core';
import type {
  NothingToDo,
  PlanDraft,
  PlannedRequest,
  Refused,
  TargetedRequest,
} from 'operator-core';

/** The requests of a plan or draft, each with its target. */
export type TargetedRequests = readonly [TargetedRequest, ...TargetedRequest[]];

/** A draft in which every request names its targets. */
export interface TargetedDraft extends Omit<PlanDraft, 'requests'> {
  readonly requests: TargetedRequests;
}

/** Every possible result of planning, with targets. */
export type TargetedOutcome = TargetedDraft | NothingToDo | Refused;

/**
 * Fills in the origins that answered for each request that names no target. Throws `PLUGIN_MISBEHAVED` when
 * none is known although the plugin uses the host's HTTP, because such a request could go anywhere.
 */
export function withTargets(
  draft: PlanDraft,
  action: string,
  answered: { readonly origins: readonly string[]; readonly isObserved: boolean },
): TargetedDraft {
  const { origins, isObserved } = answered;
  const toTargeted = (request: PlannedRequest): TargetedRequest => {
    // The host does not see the servers of other protocols.
    if (!isHttpRequest(request)) return { ...request, target: request.target ?? [] };
    const { target = origins } = request;
    if (target.length > 0 || !isObserved) return { ...request, protocol: 'http', target };
    throw createMisbehaved(`the plan of action ${action}`, [
      'a request names no `target`, and no server answered while it was planned',
    ]);
  };
  const [first, ...others] = draft.requests;
  return { ...draft, requests: [toTargeted(first), ...others.map(toTargeted)] };
}

/** The requests with only those origins of their targets that the same requests in `others` have too. */
export function narrowTargets(
  requests: TargetedRequests,
  others: readonly TargetedRequest[],
): TargetedRequests {
  const narrow = (request: TargetedRequest, index: number): TargetedRequest => {
    const other = others[index]?.target ?? [];
    return { ...request, target: request.target.filter((origin) => other.includes(origin)) };
  };
  const [first, ...rest] = requests;
  return [narrow(first, 0), ...rest.map((request, index) => narrow(request, index + 1))];
}
