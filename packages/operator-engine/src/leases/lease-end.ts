import type { Lease } from '../ledger/lease.ts';
import type { RunResult } from '../events/run-result.ts';
import type { RunSubjects } from '../subject/subjects.ts';

/** Reason and time limit for the end of a lease. */
export interface EndOptions {
  readonly reason: string;
  /** Opens the run of the lease when the run has to be cancelled first. */
  readonly subjects: RunSubjects;
  readonly signal?: AbortSignal | undefined;
  readonly patienceMs?: number;
}

/** Result of ending a lease. */
export interface LeaseEnd {
  /**
   * - `lost`: something else had removed the effect
   * - `superseded`: policy denies the part of the end that exceeds the lease; the effect stays
   */
  readonly outcome: 'ended' | 'lost' | 'superseded' | 'already_closed' | 'owned';
  readonly lease: Lease;
  /** The run that removed the effect, or `null` when none was needed. */
  readonly run: RunResult | null;
  /** One sentence. */
  readonly summary: string;
}
