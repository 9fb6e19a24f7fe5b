import { ROOT_CHAIN } from '../../audit-log.ts';
import { toMarked } from './control-row.ts';
import type { ControlRow } from './control-row.ts';
import { KnownRows, LEDGER } from './known-rows.ts';
import type { OpenTransaction } from './open-transaction.ts';
import type { RowEdit, RowMarks } from './row-marks.ts';
import type { ChangingQueries } from '../store/driver.ts';
import { Statement } from '../store/statement.ts';
import type { Queries } from '../store/statement.ts';

const CONTROL = new Statement<ControlRow>('SELECT * FROM control WHERE id = 1');

/** Records edits of rows before a change: without that, the marks of the change would cover the edit. */
export class EditRecorder {
  readonly #marks: RowMarks;
  /** Rows that match the audit, as this process has read or written them. */
  readonly #known = new KnownRows();

  constructor(marks: RowMarks) {
    this.#marks = marks;
  }

  /** Call this when another process or program may have written. */
  forget(): void {
    this.#known.forget();
  }

  /** Compares the rows of the run that a transaction is about, before it does anything. */
  async look(open: OpenTransaction, runId: string | undefined): Promise<void> {
    if (runId === undefined || this.#known.has(runId)) return;
    const edit = await this.#marks.findEdit(open, runId);
    if (edit === null) open.edit = await this.#marks.findRecordedEdit(open, runId);
    else await open.recordEdit({ runId }, edit);
    if (open.edit === null) this.#known.add(runId);
  }

  /** The same for all other rows that a transaction changed: they are compared as they were before. */
  async record(
    open: OpenTransaction,
    { queries, looked }: { queries: ChangingQueries; looked: string | undefined },
  ): Promise<void> {
    const touched = open.touched();
    if (touched === null) return;
    for (const runId of touched) {
      if (runId !== looked && !this.#known.has(runId)) {
        await this.#recordRun(open, runId, queries.before());
      }
    }
    for (const { name, isNew } of open.chains.all()) {
      if (!isNew) await this.#recordChain(open, name, queries);
    }
    if (!this.#known.has(LEDGER)) await this.#recordLedger(open, queries);
  }

  /** Compares the ledger's own rows as they are now, before a migration makes them a new state. */
  async lookAtLedger(open: OpenTransaction, now: Queries): Promise<void> {
    const edit = await this.#compareLedger(now);
    if (edit !== null) await open.recordEdit({}, edit);
  }

  async #recordRun(open: OpenTransaction, runId: string, before: Queries): Promise<void> {
    const edit = await this.#marks.findEdit(before, runId);
    if (edit !== null) await open.recordEdit({ runId }, edit);
    else if ((await this.#marks.findRecordedEdit(before, runId)) === null) this.#known.add(runId);
  }

  async #recordChain(
    open: OpenTransaction,
    chain: string,
    queries: ChangingQueries,
  ): Promise<void> {
    // No run has an id like it.
    const name = `chain ${chain}`;
    if (this.#known.has(name)) return;
    const edit = await this.#marks.findChainEdit(queries.before(), chain);
    if (edit !== null) await open.recordEdit({ chain }, edit);
    this.#known.add(name);
  }

  async #recordLedger(open: OpenTransaction, queries: ChangingQueries): Promise<void> {
    const edit = await this.#findLedgerEdit(open, queries);
    if (edit !== null) await open.recordEdit({}, edit);
    this.#known.add(LEDGER);
  }

  async #findLedgerEdit(open: OpenTransaction, queries: ChangingQueries): Promise<RowEdit | null> {
    const wasLocked = open.chains.isLocked(ROOT_CHAIN);
    const edit = await this.#compareLedger(queries.before());
    if (edit === null || wasLocked) return edit;
    // Another transaction may have changed them between these two reads.
    await open.chains.open(ROOT_CHAIN);
    return this.#compareLedger(queries.before());
  }

  async #compareLedger(before: Queries): Promise<RowEdit | null> {
    const control = await CONTROL.get(before);
    return control === undefined ? null : this.#marks.findLedgerEdit(before, toMarked(control));
  }
}
