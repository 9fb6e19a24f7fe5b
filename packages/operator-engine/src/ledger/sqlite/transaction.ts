import type { Clock } from '../../clock/clock.ts';
import type { LedgerLimits } from '../ledger-limits.ts';
import { toKeptTime, toMarked } from './control-row.ts';
import type { ControlRow } from './control-row.ts';
import { OpenTransaction } from './open-transaction.ts';
import type { Instant, LedgerHead, Transaction } from './open-transaction.ts';
import { RowMarks } from './row-marks.ts';
import { SchemaGuard } from './schema-guard.ts';
import type { Database, WriteOptions } from './database.ts';
import { createTooNew } from './open-database.ts';
import { SCHEMA_VERSION } from './schema.ts';
import { createRolledBack } from './rolled-back.ts';
import { createCorrupt } from './sqlite-error.ts';
import type { Statement } from './statement.ts';

export { LEDGER_ACTOR } from './open-transaction.ts';
export type { Instant, LedgerHead, Transaction } from './open-transaction.ts';

/** The ledger before the transaction at hand. */
interface Before {
  readonly database: Database;
  readonly marks: RowMarks;
  readonly control: Statement<ControlRow>;
}

/** Makes the transactions of a ledger. */
export class Transactions {
  readonly database: Database;
  readonly limits: LedgerLimits;
  readonly clock: Clock;
  readonly #marks: RowMarks;
  readonly #schema: SchemaGuard;
  readonly #control: Statement<ControlRow>;
  readonly #store: Statement<never>;
  readonly #insert: Statement<never>;
  #durable: LedgerHead | null = null;
  #committed: Before | null = null;
  #seen = { known: 0, hash: '' };

  constructor(database: Database, options: { limits: LedgerLimits; clock: Clock }) {
    this.database = database;
    this.limits = options.limits;
    this.clock = options.clock;
    this.#marks = new RowMarks(database);
    this.#schema = new SchemaGuard(database);
    this.#control = database.prepare('SELECT * FROM control WHERE id = 1');
    this.#store = database.prepare(
      `UPDATE control SET time_at = ?, time_monotonic = ?, time_boot = ?, time_anchor_at = ?,
         time_anchor_monotonic = ?, time_epoch = ?, time_jumped = ?, time_accepted = ?, generation = ?,
         fence = ?, head_sequence = ?, head_hash = ? WHERE id = 1`,
    );
    this.#insert = database.prepare(
      'INSERT INTO audit (sequence, entry, previous, hash) VALUES (?, ?, ?, ?)',
    );
  }

  /** The ledger's facts about itself, inside a transaction. */
  control(): ControlRow {
    const row = this.#control.get();
    const { location } = this.database;
    if (row === undefined) throw createCorrupt(location, new Error('its first row is gone'));
    // A newer program may have migrated it while this one had it open.
    const { schema: version } = row;
    const known = SCHEMA_VERSION;
    if (version > known) throw createTooNew(location, { version, known });
    this.#requireGrowth(row);
    return row;
  }

  /** A copy that was written over the file is older than what this process has read from it. */
  #requireGrowth({ head_sequence: head, head_hash: hash }: ControlRow): void {
    const { known, hash: seen } = this.#seen;
    const isCut = head < known;
    if (isCut || (known > 0 && head === known && hash !== seen)) {
      throw createRolledBack(this.database.location, { known, hash: seen, head, isCut });
    }
    this.#seen = { known: head, hash };
  }

  async read<Result>(body: (instant: Instant) => Result): Promise<Result> {
    return this.database.read(() => body(this.#instant(this.control())));
  }

  async write<Result>(
    body: (transaction: Transaction) => Result,
    options?: WriteOptions,
  ): Promise<Result> {
    let head: LedgerHead | null = null;
    const result = await this.database.write(() => {
      const open = this.#open();
      this.#lookForEdit(open, options?.run);
      const value = body(open);
      this.#recordEdits(open, options?.run);
      this.#finish(open);
      head = open.head;
      return value;
    }, options);
    if (options?.durable !== false) this.#durable = head;
    return result;
  }

  /** The last entry that this process knows to be on disk; `null` before it has written one. */
  get durable(): LedgerHead | null {
    return this.#durable;
  }

  /** For callers that have begun a transaction. */
  within<Result>(body: (transaction: Transaction) => Result): Result {
    const open = this.#open();
    const result = body(open);
    this.#finish(open);
    return result;
  }

  #open(): OpenTransaction {
    const row = this.control();
    this.#schema.require();
    return new OpenTransaction(row, (control) => this.#instant(control));
  }

  /** Keeps the next change from turning edited rows into recorded ones. */
  #lookForEdit(open: OpenTransaction, runId: string | undefined): void {
    if (runId === undefined) return;
    const edit = this.#marks.findEdit(runId);
    if (edit === null) open.edit = this.#marks.findRecordedEdit(runId);
    else open.recordEdit(runId, edit);
  }

  /** The same for all other rows that were changed: they are compared as they were before. */
  #recordEdits(open: OpenTransaction, known: string | undefined): void {
    const touched = open.touched();
    if (touched === null) return;
    const before = this.#before();
    for (const runId of touched) {
      const edit = runId === known ? null : before.marks.findEdit(runId);
      if (edit !== null) open.recordEdit(runId, edit);
    }
    const control = before.control.get();
    const edit = control === undefined ? null : before.marks.findLedgerEdit(toMarked(control));
    if (edit !== null) open.recordEdit(null, edit);
  }

  #before(): Before {
    const { committed } = this.database;
    if (this.#committed?.database === committed) return this.#committed;
    const control = committed.prepare<ControlRow>('SELECT * FROM control WHERE id = 1');
    this.#committed = { database: committed, marks: new RowMarks(committed), control };
    return this.#committed;
  }

  /** Entries are linked last, when the rows that they are about are what they will be. */
  #finish(open: OpenTransaction): void {
    for (const { sequence, entry, previous, hash } of open.link(this.#marks)) {
      this.#insert.run(sequence, entry, previous, hash);
    }
    this.#store.run(...open.toStore());
  }

  #instant(control: ControlRow): Instant {
    const reading = this.clock.follow(toKeptTime(control));
    return { now: Math.floor(reading.at), reading };
  }
}
