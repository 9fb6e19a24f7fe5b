import type { JsonObject } from 'operator-core';
import type { Actor } from './actor.ts';

/** Kinds of entries. Each entry is written in the transaction that does what it records. */
export const AUDIT_KINDS = [
  'ledger_created',
  'ledger_migrated',
  'ledger_pruned',
  'chain_opened',
  'chains_sealed',
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

/**
 * Name of the chain of entries about the whole ledger; it also keeps the heads of the others. No system's chain
 * has this name: their names have a colon.
 */
export const ROOT_CHAIN = 'root';

/** Last entry of a chain of the audit. */
export interface ChainHead {
  readonly place: number;
  readonly hash: string;
}

/** Place of the last entry of each chain of the audit, by the chain's name. A chain that began later is left out. */
export type AuditPosition = Readonly<Record<string, number>>;

/**
 * One entry of the audit. Its hash covers all of it and the hash of the entry before in its chain: the chain of the system
 * that it is about, or the root chain for all that belongs to the whole ledger.
 */
export interface AuditEntry {
  /** A number of the whole ledger. The numbers of a chain ascend, and may have gaps. */
  readonly sequence: number;
  /** `root`, or the kind and the id of a system with a colon between them. */
  readonly chain: string;
  /** 1, 2, 3 … in its chain, without gaps. Order entries by it and not by time. */
  readonly place: number;
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
  /** Mark of mode, kill switch and policy binding, in the last entry of a transaction in the root chain; else `null`. */
  readonly ledger: string | null;
  /** The last fence of the system, in the last entry of a transaction in its chain; else `null`. */
  readonly fence: number | null;
  /**
   * The heads of the other chains that had moved since their last seal, in the last entry of a transaction
   * in the root chain; `null` for none.
   */
  readonly heads: Readonly<Record<string, ChainHead>> | null;
  /**
   * SHA-256 in hex: of `previous` and the canonical JSON of the members above, without `rows`, `ledger`, `fence` and
   * `heads` where they are `null`. Entries from before there were chains for each system have neither `chain` nor `place`.
   */
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
  readonly chain: string;
  /** Place of the entry in the chain. */
  readonly place: number;
  /**
   * - `changed`: the entry does not match its hash, a seal or an anchor
   * - `removed`: one or more entries are missing here
   * - `misplaced`: the entry was written at another place, or not by Operator: entries were swapped or inserted
   * - `unlinked`: the entry matches its hash and does not follow the entry before it: one of them was replaced
   * - `cut`: the end of the chain is missing
   * - `unopened`: the root chain does not record the chain
   * - `altered`: a row with the beginning, the end or the last seal of the chain was edited or removed
   */
  readonly found: 'changed' | 'removed' | 'misplaced' | 'unlinked' | 'cut' | 'unopened' | 'altered';
  /** One sentence. */
  readonly message: string;
}

/** Result of checking the anchors that were given. */
export interface AnchorReport {
  readonly given: number;
  /** Number of anchors that were checked. */
  readonly compared: number;
  /** Those that could not be compared, and why: an entry was pruned since, or it is of another ledger. */
  readonly skipped: readonly {
    readonly anchor: string;
    readonly because: 'pruned' | 'other_ledger';
  }[];
}

/** A chain that was verified, by the places of its entries. */
export interface VerifiedChain {
  readonly chain: string;
  readonly entries: number;
  /** Place of the first entry that was not pruned. */
  readonly first: number;
  readonly last: number;
  /** Hash of the last entry. */
  readonly head: string;
}

/** Result of verifying. */
export interface AuditVerification {
  readonly isIntact: boolean;
  readonly entries: number;
  /** Smallest number of an entry: 1, unless the beginning was pruned. */
  readonly first: number;
  /** The largest number of an entry. */
  readonly last: number;
  /** The chains that were read, each up to its first fault; the root chain first. */
  readonly chains: readonly VerifiedChain[];
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
