import type { Clock } from '../../../clock/clock.ts';
import type { KeptTime, TimeReading } from '../../../clock/advance-time.ts';
import type { OwnerStatements } from '../../../proofs/owner-statements.ts';
import type { Proofs } from '../../../proofs/proofs.ts';
import type { LostLedger } from '../../lost-ledger.ts';
import type { Witness } from '../../witness.ts';
import type { Queries } from './statement.ts';

/** The rows inside a transaction that changes something. */
export interface ChangingQueries extends Queries {
  /** The rows as they were before the transaction. */
  before(): Queries;
  /**
   * True when the last committed transaction was of this store, and no other connection or program has written
   * since. Default: unknown, and the engine compares the rows again.
   */
  readonly isUntouched?: boolean;
}

/** Durability of a transaction. */
export interface Durability {
  /**
   * True when it must survive a power cut as soon as it is over. Without, it survives the death of the
   * process, and the next durable one carries it to the disk. Default: true.
   */
  readonly durable?: boolean;
}

/** The time of the transactions: this machine's where all users of the ledger are on one, else the database's. */
export interface StoreTime {
  /** True where each transaction writes its time; false where the database's own clock needs no such record. */
  readonly isKept: boolean;
  /** Time of a new ledger. */
  begin(queries: Queries): Promise<TimeReading>;
  /** Next time after the one that the ledger has written. `boot`: `null` where beats are compared by this time alone. */
  follow(queries: Queries, kept: KeptTime): Promise<TimeReading>;
  /** Writes the time of a transaction, from which the next one continues. */
  keep(queries: Queries, kept: KeptTime): Promise<void>;
}

/** The order of transactions: one at a time for each chain of the audit, or one at a time for all of them. */
export interface StoreOrder {
  /** True where transactions that change something run one at a time: no entry then has an earlier time than the one before it. */
  readonly isSerial: boolean;
  /**
   * Locks a chain until this transaction ends: waits for other transactions that have locked it. Later reads of this
   * transaction see their changes. The chain may have no row yet.
   */
  lock(queries: Queries, chain: string): Promise<void>;
  /** The first of `count` consecutive numbers. Each is larger than every number that was taken before this call began. */
  take(queries: Queries, numbers: { count: number; last: number }): Promise<number>;
}

/** Owner of a store, as the operating system or the database knows it. */
export interface StoreOwner {
  /** User id on this machine; `null` where the store has no owner here. */
  uid(): number | null;
  /** Throws `LEDGER_NOT_YOURS` unless this process may act for the owner. `doing`: as in "prunes it". */
  require(doing: string): void;
}

/** An open store with the rows of a ledger. It knows tables and transactions, and no rule. */
export interface LedgerStore {
  /** Location, as people read it. */
  readonly location: string;
  /** A name for the place that can be part of a file's name. It is the same for every path to the place. */
  readonly place: string;
  readonly time: StoreTime;
  readonly order: StoreOrder;
  readonly owner: StoreOwner;
  /** All reads of `body` see the same instant. May run `body` again after a conflict. */
  read<Result>(body: (queries: Queries) => Promise<Result>): Promise<Result>;
  /**
   * Keeps all changes of `body` or none, and no other transaction changes the chains that it locks. May run `body` again.
   */
  write<Result>(
    body: (queries: ChangingQueries) => Promise<Result>,
    options?: Durability,
  ): Promise<Result>;
  /** Throws `LEDGER_ALTERED` where the store has foreign objects that act on statements: a trigger, a foreign column. */
  requireShape(queries: Queries): Promise<void>;
  /** Damage of the store, and differences to the shape of this version, as sentences. */
  findDamage(queries: Queries): Promise<readonly string[]>;
  /** Size on disk, in bytes. */
  size(): Promise<number>;
  /** Copies everything to a file that must not exist, and returns its size in bytes. */
  backup(target: string): Promise<number>;
  /** Throws what a change would throw, and changes nothing. `freeBytes`: room on the disk; `null` where it is not known. */
  tryWriting(): Promise<{ freeBytes: number | null }>;
  /** May be called twice. */
  close(): Promise<void>;
}

/** Result of bringing a store to the shape of this version. */
export interface Migrated {
  /** The shape that it had; 0: it was made now. */
  readonly from: number;
  readonly to: number;
  /** The copy that was made before; `null` where there was nothing to copy. */
  readonly backup: string | null;
}

/** Writes what every ledger has, inside the transaction that makes or changes the tables. */
export type OnMigrated = (
  store: LedgerStore,
  step: { readonly queries: ChangingQueries; readonly migrated: Migrated },
) => Promise<void>;

/** Options for opening a store. */
export interface StoreOptions {
  readonly clock: Clock;
  /** Time to wait for others. */
  readonly busyMs: number;
  /** Every step from an empty store to the shape of this version, in SQLite's words. */
  readonly migrations: readonly string[];
  readonly onMigrated: OnMigrated;
}

/** Proofs of users by files beside a ledger. */
export interface StoreProofs {
  readonly proofs: Proofs;
  /** `null` where rows count, because the host alone writes them. */
  readonly statements: OwnerStatements | null;
}

/** One kind of place for ledgers. */
export interface LedgerDriver {
  /** Location, as people read it. */
  readonly location: string;
  /** True when a ledger is there. */
  exists(): Promise<boolean>;
  /** Traces of a deleted ledger; `null` for none. */
  findLost(witness: Witness | null): Promise<LostLedger | null>;
  /** Throws `LEDGER_NOT_YOURS` unless this process may make a new ledger in place of a lost one. */
  requireOwnerOfLost(lost: LostLedger): void;
  /** Proofs by the owners of files beside the ledger; `null` where there are no files. */
  proveByFiles(limits: { approvalMs: number }): StoreProofs | null;
  /**
   * Opens the store, and makes or migrates it as needed. Throws `LEDGER_TOO_NEW`, `LEDGER_CORRUPT`, `LEDGER_BUSY`,
   * `LEDGER_FULL` or `LEDGER_UNWRITABLE`.
   */
  open(options: StoreOptions): Promise<LedgerStore>;
}
