import type { Actor } from './actor.ts';
import type { AuditVerification } from './audit-log.ts';

/** Whether the ledger is whole. */
export interface LedgerReport {
  readonly isSound: boolean;
  /** As sentences; empty when sound. */
  readonly problems: readonly string[];
  /** A number that goes up with every change of the ledger's own shape. */
  readonly schema: number;
  readonly runs: number;
  readonly bytes: number;
  /** How far the ledger's time, which never goes back, is ahead of this machine's clock, in milliseconds. */
  readonly clockBehindMs: number;
  readonly audit: AuditVerification;
}

/** What pruning took away. */
export interface Pruned {
  readonly runs: number;
  readonly entries: number;
  /** The number of the last entry that was taken; 0 when none ever was. */
  readonly through: number;
}

/** What people do to a ledger. */
export interface Maintenance {
  /** Copies the ledger, while others go on writing, to a file that must not exist yet. Throws `LEDGER_UNWRITABLE`. */
  backup(path: string): Promise<{ path: string; bytes: number }>;
  /** Reads everything. Says what is wrong; throws only when it cannot read. */
  check(options?: { signal?: AbortSignal }): Promise<LedgerReport>;
  /**
   * Takes away runs that were over before an instant (RFC 3339) and the beginning of the audit up to
   * the first entry that is younger or belongs to a run that stays. The audit goes on verifying: its
   * new beginning is signed off by an entry. Throws `LEDGER_CORRUPT`, and takes nothing, when the audit
   * does not verify, and `PARAMETERS_INVALID` for an instant that is less than a day ago.
   */
  prune(before: string, by: Actor): Promise<Pruned>;
}
