import type { Actor } from '../ledger/actor.ts';
import type { ApprovalRule } from '../ledger/approval.ts';

/** One consent of any person, the requester included: the demand of an action itself. */
export const ANY_PERSON: ApprovalRule = { count: 1, from: null, requesterMayApprove: true };

/**
 * The least consent that satisfies both: the higher count, only of those whom both name, the
 * requester's own only where both let it count.
 */
export function combineApprovals(one: ApprovalRule, other: ApprovalRule): ApprovalRule {
  return {
    count: Math.max(one.count, other.count),
    from: namedByBoth(one.from, other.from),
    requesterMayApprove: one.requesterMayApprove && other.requesterMayApprove,
  };
}

/** Names of the possible approvers for this requester; `null`: any person, or the names are not known. */
export function approversOf(approval: ApprovalRule, requester: Actor): readonly string[] | null {
  const { from, requesterMayApprove } = approval;
  if (from === null) return null;
  const mayBeOwn = requesterMayApprove && requester.kind === 'person';
  return [...new Set(from.filter((name) => mayBeOwn || !isOwn(name, requester)))];
}

function isOwn(name: string, { name: own, onBehalfOf }: Actor): boolean {
  return name === own || name === onBehalfOf;
}

function namedByBoth(one: ApprovalRule['from'], other: ApprovalRule['from']): ApprovalRule['from'] {
  if (one === null || other === null) return one ?? other;
  return one.filter((name) => other.includes(name));
}
