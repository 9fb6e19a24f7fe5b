import type { Actor } from '../../actor.ts';

/** One row of the table `approval`. */
export interface ApprovalRow {
  readonly run_id: string;
  readonly approver_kind: Actor['kind'];
  readonly approver_name: string;
  readonly approver_for: string | null;
  readonly policy_version: string;
  readonly given_at: number;
  readonly expires_at: number;
  readonly consumed_at: number | null;
  readonly comment: string | null;
  /** The file that proves it; `null` where the host vouches for the approver. */
  readonly proof: string | null;
  readonly at_terminal: number;
}
