import type { Actor } from './actor.ts';
import type { AuditVerification } from './audit-log.ts';

/** Result of the integrity check of a ledger. */
export interface LedgerReport {
  readonly isSound: boolean;
  /** Problems, as sentences; empty when sound. */
  readonly problems: readonly string[];
  /** A number that goes up with every change of the ledger's own shape. */
  readonly schema: number;
  readonly runs: number;
  readonly bytes: number;
  readonly clock: ClockStatus;
  readonly audit: AuditVerification;
}

/** The ledger's time beside the machine's clock. Times are RFC 3339, UTC. */
export interface ClockStatus {
  /** The ledger's time: that of every record, lease and expiry. */
  readonly at: string;
  /** The machine's clock. */
  readonly machine: string;
  /** Difference of the machine's clock to the ledger's time, in milliseconds; negative when it is behind. */
  readonly aheadMs: number;
  /** True when the difference is too large to follow the machine's clock. */
  readonly isHeld: boolean;
  /**
   * Sum of the jumps that were believed after restarts of the machine and that the owner has not confirmed,
   * in milliseconds, where it is more than an hour: leases and pruning do not count them as time that has passed.
   */
  readonly unconfirmedMs: number;
}

/** An entry that this user's processes have seen is not in the ledger: an older copy was put back. */
export interface Rollback {
  /** Chain of the missing entry: `root`, or the kind and the id of a system. */
  readonly chain: string;
  /** Number and hash of the latest entry of the chain that was seen. */
  readonly known: number;
  readonly hash: string;
  /** Number of the last entry of the chain in the ledger; 0 when the ledger lacks the chain. */
  readonly head: number;
  /** True when the chain ends before the entry, false when another entry is in its place. */
  readonly isCut: boolean;
}

/** Result of pruning. */
export interface Pruned {
  readonly runs: number;
  readonly entries: number;
  /** Largest number of an entry that was pruned, now or before; 0 when none was. */
  readonly through: number;
}

/** Maintenance of a ledger by people. */
export interface Maintenance {
  /** Copies the ledger to a file that must not exist, while other processes keep writing. Throws `LEDGER_UNWRITABLE`. */
  backup(path: string): Promise<{ path: string; bytes: number }>;
  /** Reads everything and reports the problems. Throws only when it cannot read. */
  check(options?: { signal?: AbortSignal }): Promise<LedgerReport>;
  /**
   * Deletes runs that ended before an instant (RFC 3339) and the beginning of each chain of the audit up to its first
   * entry that is younger or belongs to a run that stays. The audit stays verifiable: an entry records the new
   * beginnings. Throws `LEDGER_CORRUPT`, and deletes nothing, when the audit is not intact, `PARAMETERS_INVALID` for an instant that is less than a day ago, jumps of the clock not
   * counted, and `LEDGER_NOT_YOURS` for anyone but the owner of the file.
   */
  prune(before: string, by: Actor): Promise<Pruned>;
  /**
   * Tests if the ledger can be written now, without an entry. Throws what a change would throw: `LEDGER_BUSY`,
   * `LEDGER_FULL`, `LEDGER_UNWRITABLE`.
   */
  tryWriting(): Promise<{ freeBytes: number | null }>;
  clock(): Promise<ClockStatus>;
  /** Part of the ledger that this user's processes have seen and that is missing; `null` when nothing is. */
  rollback(): Promise<Rollback | null>;
  /**
   * Accepts that entries up to the number `through` are lost, which users of the ledger have seen. Default: those
   * that this user has seen. Throws `LEDGER_NOT_YOURS` for anyone but the owner of the file.
   */
  acceptRollback(change: {
    by: Actor;
    reason: string;
    through?: number | undefined;
  }): Promise<{ through: number; head: number }>;
  /**
   * Sets the ledger's time to the machine's clock, also back, and confirms every jump. Throws
   * `LEDGER_NOT_YOURS` for anyone but the owner of the file.
   */
  acceptTime(change: { by: Actor; reason: string }): Promise<ClockStatus>;
}
