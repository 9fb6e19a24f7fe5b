import type { Actor } from './actor.ts';
import type { Approval, ApprovalGiven } from './approval.ts';
import type { RunRecord } from './run-record.ts';

/** Progress of the approvals of a run. */
export interface ApprovalProgress {
  readonly run: RunRecord;
  /** The approvals that hold now. */
  readonly given: readonly Approval[];
  readonly needed: number;
}

/** The consent of people. */
export interface Approvals {
  /**
   * Writes a consent down; with the last one that was needed the run becomes `approved`. The same
   * person's second consent counts once and renews the first.
   * Throws `RUN_NOT_FOUND`, `RUN_STATE_CONFLICT` when the run waits for no approval (any more), and
   * `APPROVAL_REFUSED` with `because`: `digest_differs`, `policy_changed`, `not_a_person`,
   * `approver_is_requester`, `not_at_terminal`, `not_an_approver`, `request_not_proven` or `not_provable`.
   */
  approve(given: ApprovalGiven): Promise<ApprovalProgress>;
  /** Ends a waiting run. Throws as `approve` does. */
  reject(rejected: { runId: string; by: Actor; reason: string }): Promise<RunRecord>;
  /** The runs that wait for approval and have not expired, oldest first. */
  pending(): Promise<readonly ApprovalProgress[]>;
}
