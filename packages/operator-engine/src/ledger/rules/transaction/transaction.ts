import type { LedgerLimits } from '../../ledger-limits.ts';
import { ROOT_CHAIN } from '../../audit-log.ts';
import { chainOf } from './chain-row.ts';
import type { ChainRow } from './chain-row.ts';
import { toKeptTime } from './control-row.ts';
import type { Control, ControlRow } from './control-row.ts';
import { DurableHeads } from './durable-heads.ts';
import { EditRecorder } from './edit-recorder.ts';
import { EntryLinker } from './entry-linker.ts';
import { headsOf, OpenRead, OpenTransaction } from './open-transaction.ts';
import type { Instant, LedgerHead, Now, Transaction } from './open-transaction.ts';
import { RowMarks } from './row-marks.ts';
import { RunChains } from './run-chains.ts';
import { SeenHeads } from './seen-heads.ts';
import type { ChangingQueries, Durability, LedgerStore } from '../store/driver.ts';
import { SCHEMA_VERSION } from '../store/schema.ts';
import { createCorrupt, createTooNew } from '../store/store-errors.ts';
import { Statement } from '../store/statement.ts';
import type { Queries } from '../store/statement.ts';

export { LEDGER_ACTOR } from './open-transaction.ts';
export type { Instant, LedgerHead, Transaction } from './open-transaction.ts';

type Body<Open, Result> = (transaction: Open) => Result | Promise<Result>;

/** Options of a transaction that changes something. Without `run`, `system` or `of` it is about the whole ledger. */
export interface WriteOptions extends Durability {
  /** The run that is changed: the chain of its system is locked, and its rows are compared with the audit first. */
  readonly run?: string;
  /** The system about which something is written. */
  readonly system?: { readonly kind: string; readonly id: string };
  /** `heartbeat`: changes nothing that has an entry. `everything`: changes entries of every chain. */
  readonly of?: 'heartbeat' | 'everything';
}

/** Makes the transactions of a ledger. */
export class Transactions {
  readonly store: LedgerStore;
  readonly limits: LedgerLimits;
  readonly #control = new Statement<ControlRow>('SELECT * FROM control WHERE id = 1');
  readonly #chains = new Statement<ChainRow>('SELECT * FROM chain');
  readonly #runs = new RunChains();
  readonly #edits: EditRecorder;
  readonly #linker: EntryLinker;
  readonly #durable = new DurableHeads();
  readonly #seen: SeenHeads;
  /** State after the last change of this process. It counts while no other process or program has written. */
  #left: Control | null = null;

  constructor(store: LedgerStore, limits: LedgerLimits) {
    this.store = store;
    this.limits = limits;
    const marks = new RowMarks();
    this.#edits = new EditRecorder(marks);
    this.#linker = new EntryLinker(marks);
    this.#seen = new SeenHeads(store.location);
  }

  /** The ledger's facts about itself, inside a transaction. */
  async control(transaction: Queries): Promise<Control> {
    const row = await this.#control.get(transaction);
    const { location } = this.store;
    if (row === undefined) throw createCorrupt(location, new Error('its first row is gone'));
    // A newer program may have migrated it while this one had it open.
    const { schema: version } = row;
    const known = SCHEMA_VERSION;
    if (version > known) throw createTooNew(location, { version, known });
    const chains = new Map<string, ChainRow>();
    for (const chain of await this.#chains.all(transaction)) chains.set(chain.name, chain);
    const root = chains.get(ROOT_CHAIN);
    if (root === undefined) throw createCorrupt(location, new Error('its root chain is gone'));
    return { ...row, chains, root };
  }

  /** A copy that was written over the ledger is older than what this process had read when the transaction began. */
  async #begin(queries: Queries): Promise<Control> {
    const seen = this.#seen.now;
    const control = await this.control(queries);
    this.#seen.require(seen, control.chains);
    return control;
  }

  async ledgerId(): Promise<string> {
    return this.look((_queries, { ledger_id: id }) => id);
  }

  /** Reads what no time decides about: the clocks are not asked. `control`: the ledger's facts about itself. */
  async look<Result>(
    body: (queries: Queries, control: Control) => Result | Promise<Result>,
  ): Promise<Result> {
    return this.store.read(async (queries) => body(queries, await this.#begin(queries)));
  }

  async read<Result>(body: Body<Instant, Result>): Promise<Result> {
    return this.store.read(async (queries) => {
      const instant = await this.#instant(queries, await this.#begin(queries));
      return body(new OpenRead(queries, instant));
    });
  }

  async write<Result>(
    body: Body<Transaction, Result>,
    options: WriteOptions = {},
  ): Promise<Result> {
    let after: Control | null = null;
    const result = await this.store.write(async (queries) => {
      const open = await this.#open(queries, options);
      if (queries.isUntouched !== true) this.#edits.forget();
      await this.#edits.look(open, options.run);
      const value = await body(open);
      await this.#linker.sealIfDue(open);
      await this.#edits.record(open, { queries, looked: options.run });
      await this.#finish(open);
      after = open.after();
      // A prune also moves the beginnings. A failed transaction may have written before it failed.
      this.#left = options.of === 'everything' ? null : after;
      return value;
    }, options);
    if (options.durable !== false && after !== null) this.#durable.add(headsOf(after));
    return result;
  }

  /** A transaction that changes a run. */
  async change<Result>(
    run: string,
    body: Body<Transaction, Result>,
    durability: Durability = {},
  ): Promise<Result> {
    return this.write(body, { ...durability, run });
  }

  /** The last entries that this process knows to be on disk; none before its first durable transaction. */
  get durable(): readonly LedgerHead[] {
    return this.#durable.all();
  }

  /** Runs `body` for a caller that has begun a transaction about the whole ledger. */
  async within(queries: ChangingQueries, body: Body<Transaction, unknown>): Promise<void> {
    const open = await this.#open(queries, {});
    await this.#edits.lookAtLedger(open, queries);
    await body(open);
    await this.#finish(open);
  }

  async #open(queries: ChangingQueries, options: WriteOptions): Promise<OpenTransaction> {
    const locked = await this.#chainsOf(queries, options);
    for (const name of locked) await this.store.order.lock(queries, name);
    const control = await this.#resume(queries);
    const parts = { control, order: this.store.order, locked, runs: this.#runs };
    const open = new OpenTransaction(queries, parts, await this.#instant(queries, control));
    await open.recordJump();
    return open;
  }

  /** State after the last change, which checked it; the present one when another process or program may have written. */
  async #resume(queries: ChangingQueries): Promise<Control> {
    const left = this.#left;
    this.#left = null;
    if (left !== null && queries.isUntouched === true) {
      this.#seen.require(this.#seen.now, left.chains);
      return left;
    }
    const control = await this.#begin(queries);
    await this.store.requireShape(queries);
    return control;
  }

  /** The chains to lock before the first read that decides: systems in the order of their names, and the root last. */
  async #chainsOf(queries: Queries, { run, system, of }: WriteOptions): Promise<readonly string[]> {
    if (run !== undefined) return [await this.#runs.find(queries, run)];
    if (system !== undefined) {
      return [chainOf({ system_kind: system.kind, system_id: system.id })];
    }
    if (of === 'heartbeat') return [];
    if (of === undefined) return [ROOT_CHAIN];
    const names = (await this.#chains.all(queries)).map(({ name }) => name);
    return [...names.filter((name) => name !== ROOT_CHAIN).toSorted(), ROOT_CHAIN];
  }

  /** Entries are linked last, when the rows that they are about are what they will be. */
  async #finish(open: OpenTransaction): Promise<void> {
    await this.#linker.write(open);
    const { reading } = open;
    await this.store.time.keep(open, reading.kept ?? reading);
  }

  async #instant(queries: Queries, control: Control): Promise<Now> {
    const reading = await this.store.time.follow(queries, toKeptTime(control));
    return { now: Math.floor(reading.at), reading };
  }
}
