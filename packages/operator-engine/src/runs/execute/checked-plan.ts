import type { AuditPosition } from '../../ledger/audit-log.ts';
import type { TargetedRequests } from '../../planning/targeted-draft.ts';

/** A plan after its check. */
export interface CheckedPlan {
  /** Its requests, each with the targets that the system has now. */
  readonly requests: TargetedRequests;
  /** Time of the reading that it rests on, by `performance.now()`. */
  readonly readAt: number;
  /** The last entries of the audit before the system was read. */
  readonly after: AuditPosition;
}
