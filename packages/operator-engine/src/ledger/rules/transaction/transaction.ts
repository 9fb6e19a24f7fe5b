import type { LedgerLimits } from '../../ledger-limits.ts';
import { toKeptTime, toMarked } from './control-row.ts';
import type { ControlRow } from './control-row.ts';
import { KnownRows, LEDGER } from './known-rows.ts';
import { OpenRead, OpenTransaction } from './open-transaction.ts';
import type { Instant, LedgerHead, Now, Transaction } from './open-transaction.ts';
import { RowMarks } from './row-marks.ts';
import type { ChangingQueries, Durability, LedgerStore } from '../store/driver.ts';
import { SCHEMA_VERSION } from '../store/schema.ts';
import { createRolledBack } from './rolled-back.ts';
import { createCorrupt, createTooNew } from '../store/store-errors.ts';
import { Statement } from '../store/statement.ts';
import type { Queries } from '../store/statement.ts';

export { LEDGER_ACTOR } from './open-transaction.ts';
export type { Instant, LedgerHead, Transaction } from './open-transaction.ts';

type Body<Open, Result> = (transaction: Open) => Result | Promise<Result>;

/** Options of a transaction that changes something. */
export interface WriteOptions extends Durability {
  /** The run that is changed: its rows are compared with the audit first. */
  readonly run?: string;
}

/** Makes the transactions of a ledger. */
export class Transactions {
  readonly store: LedgerStore;
  readonly limits: LedgerLimits;
  readonly #marks: RowMarks;
  readonly #control: Statement<ControlRow>;
  readonly #keep: Statement<never>;
  readonly #insert: Statement<never>;
  /** The rows that are what the audit says, as this process has seen or left them. */
  readonly #known = new KnownRows();
  #durable: LedgerHead | null = null;
  #seen = { known: 0, hash: '' };

  constructor(store: LedgerStore, limits: LedgerLimits) {
    this.store = store;
    this.limits = limits;
    this.#marks = new RowMarks();
    this.#control = new Statement('SELECT * FROM control WHERE id = 1');
    this.#keep = new Statement(
      `UPDATE control SET time_at = ?, time_monotonic = ?, time_boot = ?, time_anchor_at = ?,
         time_anchor_monotonic = ?, time_epoch = ?, time_jumped = ?, time_accepted = ?, generation = ?,
         fence = ?, head_sequence = ?, head_hash = ? WHERE id = 1`,
    );
    this.#insert = new Statement(
      'INSERT INTO audit (sequence, entry, previous, hash) VALUES (?, ?, ?, ?)',
    );
  }

  /** The ledger's facts about itself, inside a transaction. */
  async control(transaction: Queries): Promise<ControlRow> {
    const row = await this.#control.get(transaction);
    const { location } = this.store;
    if (row === undefined) throw createCorrupt(location, new Error('its first row is gone'));
    // A newer program may have migrated it while this one had it open.
    const { schema: version } = row;
    const known = SCHEMA_VERSION;
    if (version > known) throw createTooNew(location, { version, known });
    return row;
  }

  /** A copy that was written over the ledger is older than what this process had read when the transaction began. */
  async #begin(queries: Queries): Promise<ControlRow> {
    const { known, hash: seen } = this.#seen;
    const row = await this.control(queries);
    const { head_sequence: head, head_hash: hash } = row;
    const isCut = head < known;
    if (isCut || (known > 0 && head === known && hash !== seen)) {
      throw createRolledBack(this.store.location, { known, hash: seen, head, isCut });
    }
    // Transactions that began later may have ended earlier.
    if (head > this.#seen.known) this.#seen = { known: head, hash };
    return row;
  }

  async ledgerId(): Promise<string> {
    return this.look((_queries, { ledger_id: id }) => id);
  }

  /** Reads what no time decides about: the clocks are not asked. `control`: the ledger's facts about itself. */
  async look<Result>(
    body: (queries: Queries, control: ControlRow) => Result | Promise<Result>,
  ): Promise<Result> {
    return this.store.read(async (queries) => body(queries, await this.#begin(queries)));
  }

  async read<Result>(body: Body<Instant, Result>): Promise<Result> {
    return this.store.read(async (queries) => {
      const instant = await this.#instant(queries, await this.#begin(queries));
      return body(new OpenRead(queries, instant));
    });
  }

  async write<Result>(body: Body<Transaction, Result>, options?: WriteOptions): Promise<Result> {
    let head: LedgerHead | null = null;
    const result = await this.store.write(async (queries) => {
      const open = await this.#open(queries);
      if (queries.isUntouched !== true) this.#known.forget();
      await this.#lookForEdit(open, options?.run);
      const value = await body(open);
      await this.#recordEdits(open, { queries, looked: options?.run });
      await this.#finish(open);
      head = open.head;
      return value;
    }, options);
    if (options?.durable !== false) this.#keepDurable(head);
    return result;
  }

  #keepDurable(head: LedgerHead | null): void {
    if (head === null || head.sequence < (this.#durable?.sequence ?? 0)) return;
    this.#durable = head;
  }

  /** The last entry that this process knows to be on disk; `null` before it has written one. */
  get durable(): LedgerHead | null {
    return this.#durable;
  }

  /** For callers that have begun a transaction. */
  async within(queries: Queries, body: Body<Transaction, void>): Promise<void> {
    const open = await this.#open(queries);
    await body(open);
    await this.#finish(open);
  }

  async #open(queries: Queries): Promise<OpenTransaction> {
    const control = await this.#begin(queries);
    await this.store.requireShape(queries);
    return new OpenTransaction(queries, control, await this.#instant(queries, control));
  }

  /** Keeps the next change from turning edited rows into recorded ones. */
  async #lookForEdit(open: OpenTransaction, runId: string | undefined): Promise<void> {
    if (runId === undefined || this.#known.has(runId)) return;
    const edit = await this.#marks.findEdit(open, runId);
    if (edit === null) open.edit = await this.#marks.findRecordedEdit(open, runId);
    else open.recordEdit(runId, edit);
    if (open.edit === null) this.#known.add(runId);
  }

  /** The same for all other rows that were changed: they are compared as they were before. */
  async #recordEdits(
    open: OpenTransaction,
    { queries, looked }: { queries: ChangingQueries; looked: string | undefined },
  ): Promise<void> {
    const touched = open.touched();
    if (touched === null) return;
    for (const runId of touched) {
      if (runId !== looked && !this.#known.has(runId)) {
        await this.#recordEdit(open, runId, queries.before());
      }
    }
    if (!this.#known.has(LEDGER)) await this.#recordLedgerEdit(open, queries.before());
  }

  async #recordEdit(open: OpenTransaction, runId: string, before: Queries): Promise<void> {
    const edit = await this.#marks.findEdit(before, runId);
    if (edit !== null) open.recordEdit(runId, edit);
    else if ((await this.#marks.findRecordedEdit(before, runId)) === null) this.#known.add(runId);
  }

  async #recordLedgerEdit(open: OpenTransaction, before: Queries): Promise<void> {
    const control = await this.#control.get(before);
    const edit =
      control === undefined ? null : await this.#marks.findLedgerEdit(before, toMarked(control));
    if (edit !== null) open.recordEdit(null, edit);
    this.#known.add(LEDGER);
  }

  /** Entries are linked last, when the rows that they are about are what they will be. */
  async #finish(open: OpenTransaction): Promise<void> {
    for (const { sequence, entry, previous, hash } of await open.link(this.#marks)) {
      await this.#insert.run(open, sequence, entry, previous, hash);
    }
    await this.#keep.run(open, ...open.toStore());
  }

  async #instant(queries: Queries, control: ControlRow): Promise<Now> {
    const reading = await this.store.time.follow(queries, toKeptTime(control));
    return { now: Math.floor(reading.at), reading };
  }
}
