import type { JsonObject } from 'operator-core';
import { isSamePerson } from './actor.ts';
import type { Actor } from './actor.ts';

/** Consent that a run needs. */
export interface ApprovalRule {
  /** Number of different persons. At least 1. */
  readonly count: number;
  /** Names of the possible approvers; `null`: any person. */
  readonly from: readonly string[] | null;
  /** True when the requester's own consent counts. */
  readonly requesterMayApprove: boolean;
}

/** Kinds of decision, from the mildest to the strictest. */
export const DECISION_KINDS = ['allow', 'needs_approval', 'deny'] as const;

/** Decision of the policy on a plan. */
export interface Decision {
  readonly kind: (typeof DECISION_KINDS)[number];
  /** Every reason, as sentences. */
  readonly reasons: readonly string[];
  /** The version of the policy that said so: an approval under another one does not count. */
  readonly policyVersion: string;
  /** Given with `needs_approval`, and only then. */
  readonly approval?: ApprovalRule;
  /** Rules that matched, with their evidence; kept for `audit explain`. */
  readonly details?: JsonObject;
}

/** The decision that lets less happen; the first of two that are equally strict. */
export function stricterDecision(one: Decision, other: Decision): Decision {
  return strictness(other) > strictness(one) ? other : one;
}

function strictness({ kind, approval }: Decision): number {
  return DECISION_KINDS.indexOf(kind) * 1_000 + (approval?.count ?? 0);
}

/** The reason why a consent does not count. */
export type ConsentObjection =
  | 'not_a_person'
  | 'approver_is_requester'
  | 'not_at_terminal'
  | 'not_an_approver';

/** A consent as far as its worth depends on who gives it, and where. */
export interface Consent {
  readonly approver: Actor;
  /** True when it is given at a terminal. */
  readonly atTerminal: boolean;
}

/** The objection to a consent to what `requester` asks for; `null`: it counts. */
export function objectToConsent(
  rule: ApprovalRule | undefined,
  { approver, atTerminal }: Consent,
  requester: Actor,
): ConsentObjection | null {
  if (approver.kind !== 'person') return 'not_a_person';
  if (isSamePerson(requester, approver)) {
    if (rule?.requesterMayApprove !== true) return 'approver_is_requester';
    // An agent or a program that runs under the account of a person is no second person.
    if (requester.kind !== 'person') return 'approver_is_requester';
    if (!atTerminal) return 'not_at_terminal';
  }
  const from = rule?.from ?? null;
  return from === null || from.includes(approver.name) ? null : 'not_an_approver';
}

/** One person's consent to one plan. */
export interface Approval {
  readonly approver: Actor;
  readonly policyVersion: string;
  /** RFC 3339, UTC. */
  readonly givenAt: string;
  readonly expiresAt: string;
  /** Time at which a run was started on it; an approval is valid for one start. `null`: not used. */
  readonly consumedAt: string | null;
  readonly comment: string | null;
  /** The reason why it counts for nothing in this process: its proof is missing, or is another user's; `null`: it is proven. */
  readonly unproven: string | null;
}

/** A consent as it is given. */
export interface ApprovalGiven {
  readonly runId: string;
  /** The digest of the plan that the approver has seen. */
  readonly digest: string;
  /** Actor named by the environment, never from an argument. Only persons consent. */
  readonly approver: Actor;
  /** The version of the policy as it is now. */
  readonly policyVersion: string;
  readonly comment?: string;
  /** True when it is given at a terminal: only there a person consents to a run of their own. Default: `true`. */
  readonly atTerminal?: boolean;
}

/** Number of approvals that a decision asks for. */
export function neededBy({ kind, approval }: Decision): number {
  return kind === 'needs_approval' ? Math.max(1, approval?.count ?? 1) : 0;
}
