import type { JsonObject, Plan, TargetedRequest, RiskLevel, SendResult } from 'operator-core';
import type { SystemIdentity } from 'operator-core';
import type { RunCondition } from './run-condition.ts';
import type { RunState } from './run-state.ts';
import type { Actor } from './actor.ts';
import type { Approval, Decision } from './approval.ts';
import type { Lease } from './lease.ts';

/** The kinds of {@link RunPurpose}. */
export const PURPOSE_KINDS = ['change', 'undo', 'lease_end', 'cancel'] as const;

/**
 * Purpose of a run: to change something, or, for an earlier run: to undo it after its end, to end its lease, or
 * to cancel what the system still has in progress.
 */
export type RunPurpose =
  | { readonly kind: 'change' }
  | { readonly kind: Exclude<(typeof PURPOSE_KINDS)[number], 'change'>; readonly of: string };

/** A request to cancel a run that is under way. */
export interface CancelRequest {
  readonly by: Actor;
  readonly reason: string;
  /** RFC 3339, UTC. */
  readonly at: string;
}

/** One run, without its plan. Times are RFC 3339, UTC. */
export interface RunRecord {
  readonly id: string;
  /** Larger for runs that were created later, independent of clocks. */
  readonly sequence: number;
  readonly state: RunState;
  /** Reason for the state, in one sentence; `null` where the state explains itself. */
  readonly reason: string | null;
  /** The digest of its plan. */
  readonly digest: string;
  /** The subject's name in the configuration. */
  readonly subject: string;
  readonly plugin: string;
  readonly system: SystemIdentity;
  readonly action: string;
  readonly riskLevel: RiskLevel;
  readonly summary: string;
  readonly purpose: RunPurpose;
  readonly requester: Actor;
  /** Decision about it; `null` while it is `planned`. */
  readonly decision: Decision | null;
  readonly createdAt: string;
  /** Time at which it expires unless it has started. */
  readonly expiresAt: string;
  /** Time at which a runner started it; `null` before. */
  readonly startedAt: string | null;
  /** Time of its end; `null` before. */
  readonly endedAt: string | null;
  /** SubmitResult duration of its standing effect, in milliseconds from its start; `null`: no end, or no standing effect. */
  readonly leaseMs: number | null;
  /** The id of the runner that owns it; `null` without an owner. */
  readonly owner: string | null;
  /** The fence of its owner; 0 before it was first claimed. */
  readonly fence: number;
  readonly cancel: CancelRequest | null;
  /** Condition that must hold after the effect is proven; `null`: none. */
  readonly condition: RunCondition | null;
}

/** Journal of one request of the plan. */
export interface JournaledRequest {
  /** Place in the plan, from 0. */
  readonly index: number;
  readonly request: TargetedRequest;
  /** Time at which the ledger recorded that it will be sent. */
  readonly intendedAt: string;
  readonly settledAt: string | null;
  /** `null` as long as no result is recorded. */
  readonly result: SendResult | null;
}

/** One run with everything that is known of it. */
export interface RunDetails extends RunRecord {
  readonly plan: Plan;
  /** The requests that were intended, by place. A request that is not here was never sent. */
  readonly requests: readonly JournaledRequest[];
  readonly approvals: readonly Approval[];
  /** The lease of its standing effect, once it was claimed. */
  readonly lease: Lease | null;
  /** Detail of the last move: verification, facts. */
  readonly detail: JsonObject;
}

/** A run without what only {@link RunDetails} tell. */
export function toRecord(details: RunDetails): RunRecord {
  const {
    plan: _plan,
    requests: _requests,
    approvals: _approvals,
    lease: _lease,
    detail: _detail,
    ...record
  } = details;
  return record;
}
