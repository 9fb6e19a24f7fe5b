import type { JsonObject } from 'operator-core';
import type { LedgerLimits } from '../ledger-limits.ts';
import { redact, redactText } from '../redact.ts';
import { linkEntry } from './audit-chain.ts';
import type { AuditDraft } from './audit-chain.ts';
import type { Database, WriteOptions } from './database.ts';
import type { LedgerTime, TimeAnchor } from './ledger-time.ts';
import { toIso } from './ledger-time.ts';
import { createTooNew } from './open-database.ts';
import { SCHEMA_VERSION } from './schema.ts';
import { createCorrupt } from './sqlite-error.ts';
import type { Statement } from './statement.ts';

/** What the ledger knows of itself. */
export interface ControlRow {
  readonly ledger_id: string;
  readonly schema: number;
  readonly time_at: number;
  readonly time_monotonic: number;
  readonly time_boot: string | null;
  readonly fence: number;
  readonly head_sequence: number;
  readonly head_hash: string;
  readonly start_sequence: number;
  readonly start_hash: string;
}

/** The instant of a transaction. */
export interface Instant {
  /** Milliseconds since the epoch, in the ledger's time. */
  readonly now: number;
  readonly anchor: TimeAnchor;
}

/** A transaction that changes something: its instant, its place in the audit, its fences. */
export interface Transaction extends Instant {
  /** Writes an entry of the audit and returns its number. Texts in `secrets` do not reach it. */
  append(draft: AuditDraft, secrets?: readonly string[]): number;
  /** The number that the next entry will have. */
  readonly nextEntry: number;
  /** A number larger than any that was given out before. */
  nextFence(): number;
}

/** Makes the transactions of a ledger. */
export class Transactions {
  readonly database: Database;
  readonly limits: LedgerLimits;
  readonly time: LedgerTime;
  readonly #control: Statement<ControlRow>;
  readonly #store: Statement<never>;
  readonly #insert: Statement<never>;

  constructor(database: Database, options: { limits: LedgerLimits; time: LedgerTime }) {
    this.database = database;
    this.limits = options.limits;
    this.time = options.time;
    this.#control = database.prepare('SELECT * FROM control WHERE id = 1');
    this.#store = database.prepare(
      `UPDATE control SET time_at = ?, time_monotonic = ?, time_boot = ?, fence = ?,
         head_sequence = ?, head_hash = ? WHERE id = 1`,
    );
    this.#insert = database.prepare(
      'INSERT INTO audit (sequence, entry, previous, hash) VALUES (?, ?, ?, ?)',
    );
  }

  /** What the ledger knows of itself, inside a transaction. */
  control(): ControlRow {
    const row = this.#control.get();
    const { location } = this.database;
    if (row === undefined) throw createCorrupt(location, new Error('its first row is gone'));
    // A newer program may have migrated it while this one had it open.
    const { schema: version } = row;
    const known = SCHEMA_VERSION;
    if (version > known) throw createTooNew(location, { version, known });
    return row;
  }

  async read<Result>(body: (instant: Instant) => Result): Promise<Result> {
    return this.database.read(() => body(this.#instant(this.control())));
  }

  async write<Result>(
    body: (transaction: Transaction) => Result,
    options?: WriteOptions,
  ): Promise<Result> {
    return this.database.write(() => this.within(body), options);
  }

  /** For who has begun a transaction already. */
  within<Result>(body: (transaction: Transaction) => Result): Result {
    const open = new OpenTransaction(this.control(), {
      instantOf: (control) => this.#instant(control),
      insert: this.#insert,
    });
    const result = body(open);
    this.#store.run(...open.toStore());
    return result;
  }

  #instant(control: ControlRow): Instant {
    const { time_at: at, time_monotonic: monotonic, time_boot: boot } = control;
    const anchor = this.time.read({ at, monotonic, boot });
    return { now: Math.floor(anchor.at), anchor };
  }
}

class OpenTransaction implements Transaction {
  readonly now: number;
  readonly anchor: TimeAnchor;
  readonly #at: string;
  readonly #insert: Statement<never>;
  #fence: number;
  #sequence: number;
  #head: string;

  constructor(
    control: ControlRow,
    parts: { instantOf: (control: ControlRow) => Instant; insert: Statement<never> },
  ) {
    const { now, anchor } = parts.instantOf(control);
    this.now = now;
    this.anchor = anchor;
    this.#at = toIso(now);
    this.#insert = parts.insert;
    this.#fence = control.fence;
    this.#sequence = control.head_sequence;
    this.#head = control.head_hash;
  }

  get nextEntry(): number {
    return this.#sequence + 1;
  }

  append(draft: AuditDraft, secrets: readonly string[] = []): number {
    const { actor, kind, runId = null, digest = null, reason = null } = draft;
    const details: JsonObject = redact(draft.details ?? {}, secrets);
    const said = reason === null ? null : redactText(reason, secrets);
    const sequence = this.nextEntry;
    const at = this.#at;
    const content = { sequence, at, actor, kind, runId, digest, reason: said, details };
    const { entry, previous, hash } = linkEntry(content, this.#head);
    this.#insert.run(sequence, entry, previous, hash);
    this.#sequence = sequence;
    this.#head = hash;
    return sequence;
  }

  nextFence(): number {
    this.#fence += 1;
    return this.#fence;
  }

  toStore(): [number, number, string | null, number, number, string] {
    const { at, monotonic, boot } = this.anchor;
    return [at, monotonic, boot, this.#fence, this.#sequence, this.#head];
  }
}
