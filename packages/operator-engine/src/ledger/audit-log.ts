import type { JsonObject } from 'operator-core';
import type { Actor } from './actor.ts';

/** Everything that the audit tells. Each is written in the transaction that does it. */
export const AUDIT_KINDS = [
  'ledger_created',
  'ledger_migrated',
  'ledger_pruned',
  'time_jumped',
  'time_accepted',
  'policy_bound',
  'rollback_found',
  'rollback_accepted',
  'plan_refused',
  'path_trusted',
  'run_created',
  'run_moved',
  'run_noted',
  'run_taken_over',
  'rows_edited',
  'claim_refused',
  'request_intended',
  'request_settled',
  'request_stopped',
  'approval_given',
  'approval_refused',
  'cancel_requested',
  'lease_planned',
  'lease_moved',
  'lease_extended',
  'mode_changed',
  'stopped',
  'resumed',
] as const;

/** See {@link AUDIT_KINDS}. */
export type AuditKind = (typeof AUDIT_KINDS)[number];

/** One entry of the audit. Its hash covers all of it and the hash of the entry before. */
export interface AuditEntry {
  /** 1, 2, 3 …: this orders, not the time. */
  readonly sequence: number;
  /** RFC 3339, UTC. */
  readonly at: string;
  readonly actor: Actor;
  readonly kind: AuditKind;
  readonly runId: string | null;
  /** Digest of the plan. */
  readonly digest: string | null;
  readonly reason: string | null;
  /** Without secrets. */
  readonly details: JsonObject;
  /**
   * Mark of the rows of its run as the transaction left them, in the last entry of a transaction about a run;
   * else `null`.
   */
  readonly rows: string | null;
  /** Mark of mode, kill switch, policy binding and fences, in the last entry of a transaction; else `null`. */
  readonly ledger: string | null;
  /** SHA-256 in hex: of `previous` and the canonical JSON of the members above, without marks that are `null`. */
  readonly hash: string;
  readonly previous: string;
}

/** Filter of entries. A field left out matches every entry. */
export interface AuditFilter {
  readonly runId?: string;
  readonly kinds?: readonly AuditKind[];
  /** Name of the actor. */
  readonly actor?: string;
  /** RFC 3339: at or after. */
  readonly since?: string;
  /** RFC 3339: before. */
  readonly until?: string;
}

/** A place where the audit differs from what was written. */
export interface AuditFault {
  /** The number of the entry at which it shows. */
  readonly sequence: number;
  /**
   * - `changed`: the entry is not what its hash was made of
   * - `removed`: one or more entries are missing here
   * - `misplaced`: the entry was written at another place: entries were swapped or put in between
   * - `unlinked`: whole in itself, but it does not follow the entry before it: one of them was replaced
   * - `cut`: the end that is known to have been there is not
   */
  readonly found: 'changed' | 'removed' | 'misplaced' | 'unlinked' | 'cut';
  /** One sentence. */
  readonly message: string;
}

/** Result of checking the anchors that were given. */
export interface AnchorReport {
  readonly given: number;
  /** Number of anchors that were checked. */
  readonly compared: number;
  /** Those that could not be compared, and why: the entry was pruned since, or it is of another ledger. */
  readonly skipped: readonly {
    readonly anchor: string;
    readonly because: 'pruned' | 'other_ledger';
  }[];
}

/** Result of verifying. */
export interface AuditVerification {
  readonly isIntact: boolean;
  readonly entries: number;
  /** The first entry that is still there: 1, unless the beginning was pruned. */
  readonly first: number;
  readonly last: number;
  /** Hash of the last entry. */
  readonly head: string;
  /** The first fault, or `null`. */
  readonly fault: AuditFault | null;
  readonly anchors: AnchorReport;
}

/** A refusal that no run stands for. */
export interface RefusedPlan {
  readonly actor: Actor;
  readonly reason: string;
  readonly details: JsonObject;
}

/** A path that a user trusts from now on, or no longer. */
export interface TrustChange {
  readonly actor: Actor;
  readonly path: string;
  readonly isTrusted: boolean;
}

/** The audit. The ledger writes it itself; refusals while planning, and what users trust, come from outside. */
export interface Audit {
  /** Oldest first. `after`: only larger numbers. `limit`: default 100, at most 1,000. */
  list(
    filter?: AuditFilter,
    page?: { after?: number; limit?: number },
  ): Promise<readonly AuditEntry[]>;
  /** The newest entries, newest first. */
  latest(filter?: AuditFilter, page?: { limit?: number }): Promise<readonly AuditEntry[]>;
  /** Every entry, oldest first, without holding them all. */
  export(filter?: AuditFilter): AsyncIterable<AuditEntry>;
  /** Reads the whole audit and compares it with anchors that were kept elsewhere. Throws `ANCHOR_INVALID`. */
  verify(options?: {
    anchors?: readonly string[];
    signal?: AbortSignal;
  }): Promise<AuditVerification>;
  /** One line to keep elsewhere: with it a later `verify` also finds that the end was cut off, or all of it rewritten. */
  anchor(): Promise<string>;
  /** A plan that was refused before there was a run. */
  recordRefusal(refused: RefusedPlan): Promise<void>;
  /** A path that a user lets decide for them although others can write there. */
  recordTrust(change: TrustChange): Promise<void>;
}
