import { toActor, toActorColumns } from '../transaction/actor-columns.ts';
import type { Actor } from '../../actor.ts';
import type { Stopped } from '../../claim.ts';
import type { Mode, ModeStatus, ModeSwitch, Stop } from '../../mode.ts';
import { toIso } from '../transaction/ledger-time.ts';
import type { RunRow } from './run-row.ts';
import { createCorrupt } from '../store/store-errors.ts';
import { Statement } from '../store/statement.ts';
import type { Queries } from '../store/statement.ts';
import type { Transaction, Transactions } from '../transaction/transaction.ts';

const NO_REASON = 'no reason was given';

interface ModeRow {
  readonly mode: Mode;
  readonly by_kind: Actor['kind'] | null;
  readonly by_name: string | null;
  readonly by_for: string | null;
  readonly reason: string | null;
  readonly since: number;
  readonly stop_by_kind: Actor['kind'] | null;
  readonly stop_by_name: string | null;
  readonly stop_by_for: string | null;
  readonly stop_reason: string | null;
  readonly stop_since: number | null;
  readonly stop_allows_cancels: number;
}

/** The row of the mode, inside a transaction. */
export class ModeTable {
  readonly #location: string;
  readonly #get: Statement<ModeRow>;

  /** `location`: of the ledger, for errors. */
  constructor(location: string) {
    this.#location = location;
    this.#get = new Statement('SELECT * FROM mode WHERE id = 1');
  }

  async status(transaction: Queries): Promise<ModeStatus> {
    const row = await this.#get.get(transaction);
    if (row === undefined) throw createCorrupt(this.#location, new Error('its mode is gone'));
    const { by_kind: kind, by_name: name, reason, since, mode } = row;
    const by = kind === null || name === null ? null : toActor(kind, name, row.by_for);
    return { mode, by, reason, since: toIso(since), stop: toStop(row) };
  }

  /** The kill switch or the mode that prevents the run now; `null` for none. */
  async stopped(
    transaction: Queries,
    run: Pick<RunRow, 'purpose' | 'approvals_needed'>,
  ): Promise<Stopped | null> {
    const { mode, stop } = await this.status(transaction);
    const outcome = 'stopped';
    if (stop !== null) {
      const isExempt = run.purpose === 'cancel' && stop.allowsCancels;
      return isExempt ? null : { outcome, because: 'kill_switch', stop };
    }
    if (mode === 'observe') return { outcome, because: 'observe_mode', stop };
    const isUnapproved = mode === 'guarded' && run.approvals_needed === 0;
    return isUnapproved ? { outcome, because: 'guarded_mode', stop } : null;
  }
}

function toStop(row: ModeRow): Stop | null {
  const { stop_by_kind: kind, stop_by_name: name, stop_reason: reason, stop_since: since } = row;
  if (kind === null || name === null || since === null) return null;
  const allowsCancels = row.stop_allows_cancels === 1;
  const by = toActor(kind, name, row.stop_by_for);
  return { by, reason: reason ?? '', since: toIso(since), allowsCancels };
}

/** The mode and the kill switch as rows that every process reads. */
export class StoredModeSwitch implements ModeSwitch {
  readonly #transactions: Transactions;
  readonly #table: ModeTable;
  readonly #setMode: Statement<never>;
  readonly #setStop: Statement<never>;

  constructor(transactions: Transactions, table: ModeTable) {
    this.#transactions = transactions;
    this.#table = table;
    this.#setMode = new Statement(
      'UPDATE mode SET mode = ?, by_kind = ?, by_name = ?, by_for = ?, reason = ?, since = ?',
    );
    this.#setStop = new Statement(
      `UPDATE mode SET stop_by_kind = ?, stop_by_name = ?, stop_by_for = ?, stop_reason = ?,
         stop_since = ?, stop_allows_cancels = ?`,
    );
  }

  async get(): Promise<ModeStatus> {
    return this.#transactions.read(async (transaction) => this.#table.status(transaction));
  }

  async set(mode: Mode, { by, reason }: { by: Actor; reason: string }): Promise<ModeStatus> {
    return this.#change(async (transaction) => {
      const { mode: from } = await this.#table.status(transaction);
      await this.#setMode.run(transaction, mode, ...toActorColumns(by), reason, transaction.now);
      await transaction.append({
        actor: by,
        kind: 'mode_changed',
        reason,
        details: { from, to: mode },
      });
    });
  }

  async stop(change: { by: Actor; reason?: string; allowsCancels?: boolean }): Promise<ModeStatus> {
    const { by, reason, allowsCancels = false } = change;
    return this.#change(async (transaction) => {
      const { stop } = await this.#table.status(transaction);
      const at = stop === null ? transaction.now : Date.parse(stop.since);
      // Who says no reason takes away no reason that was given, nor who gave it.
      const kept =
        reason === undefined && stop !== null ? stop : { by, reason: reason ?? NO_REASON };
      await this.#setStop.run(
        transaction,
        ...toActorColumns(kept.by),
        kept.reason,
        at,
        allowsCancels ? 1 : 0,
      );
      const about = { actor: by, reason: reason ?? null, details: { allowsCancels } };
      await transaction.append({ kind: 'stopped', ...about });
    });
  }

  async resume({ by, reason }: { by: Actor; reason: string }): Promise<ModeStatus> {
    return this.#change(async (transaction) => {
      if ((await this.#table.status(transaction)).stop === null) return;
      await this.#setStop.run(transaction, null, null, null, null, null, 0);
      await transaction.append({ actor: by, kind: 'resumed', reason });
    });
  }

  async #change(body: (transaction: Transaction) => Promise<void>): Promise<ModeStatus> {
    return this.#transactions.write(async (transaction) => {
      await body(transaction);
      return this.#table.status(transaction);
    });
  }
}
