import type { JsonObject } from 'operator-core';
import type { Actor, Runner } from '../actor.ts';
import type { EndAnswer, Lease, LeaseFilter, Leases } from '../lease.ts';
import { toIsoOrNull } from './ledger-time.ts';
import { createLeaseConflict, OPEN_LEASES, toLease } from './lease-table.ts';
import type { LeaseRow } from './lease-table.ts';
import { createQuery } from './query.ts';
import type { Statement } from './statement.ts';
import type { Tables } from './tables.ts';
import type { Transaction, Transactions } from './transaction.ts';

/** The standing effects, in SQLite. */
export class SqliteLeases implements Leases {
  readonly #transactions: Transactions;
  readonly #tables: Tables;
  readonly #due: Statement<LeaseRow>;
  readonly #extend: Statement<never>;

  constructor(transactions: Transactions, tables: Tables) {
    this.#transactions = transactions;
    this.#tables = tables;
    const { database } = transactions;
    this.#due = database.prepare(
      `SELECT * FROM lease WHERE ${OPEN_LEASES} AND ends_at <= ? ORDER BY ends_at, run_id`,
    );
    this.#extend = database.prepare('UPDATE lease SET ends_at = ? WHERE run_id = ?');
  }

  async get(runId: string): Promise<Lease> {
    return this.#transactions.read(() => toLease(this.#tables.leases.get(runId)));
  }

  async list(filter: LeaseFilter = {}): Promise<readonly Lease[]> {
    const { states, subject } = filter;
    const { database } = this.#transactions;
    const { sql, inputs } = createQuery('SELECT lease.* FROM lease JOIN run ON run.id = run_id', [
      ['lease.subject = ?', subject],
    ]);
    const newestFirst = `${sql} ORDER BY run.sequence DESC`;
    return this.#transactions.read(() =>
      database
        .once<LeaseRow>(newestFirst)
        .all(...inputs)
        .filter(({ state }) => states === undefined || states.includes(state))
        .map(toLease),
    );
  }

  async due(): Promise<readonly Lease[]> {
    return this.#transactions.read(({ now }) => this.#due.all(now).map(toLease));
  }

  async extend(
    runId: string,
    change: { forMs: number | null; by: Actor; reason: string },
  ): Promise<Lease> {
    const { forMs, by, reason } = change;
    return this.#transactions.write((transaction) => {
      const lease = this.#tables.leases.get(runId);
      const isOpen = lease.state === 'planned' || lease.state === 'active';
      if (!isOpen) throw createLeaseConflict(lease, 'be extended');
      const endsAt = forMs === null ? null : transaction.now + forMs;
      this.#extend.run(endsAt, runId);
      const details = { from: toIsoOrNull(lease.ends_at), to: toIsoOrNull(endsAt) };
      transaction.append({ actor: by, kind: 'lease_extended', runId, reason, details });
      return toLease(this.#tables.leases.get(runId));
    });
  }

  async beginEnd(runId: string, change: { runner: Runner; reason: string }): Promise<EndAnswer> {
    return this.#transactions.write((transaction) => this.#beginEnd(transaction, runId, change));
  }

  async close(
    runId: string,
    change: { state: 'ended' | 'lost'; by: Actor; reason: string; details?: JsonObject },
  ): Promise<Lease> {
    const { state: to, ...step } = change;
    return this.#transactions.write((transaction) => {
      const { leases } = this.#tables;
      return toLease(leases.move(transaction, leases.get(runId), { to, ...step }));
    });
  }

  #beginEnd(
    transaction: Transaction,
    runId: string,
    change: { runner: Runner; reason: string },
  ): EndAnswer {
    const { runner, reason } = change;
    const { leases, runners, mode } = this.#tables;
    const lease = leases.get(runId);
    if (lease.state === 'ended' || lease.state === 'lost') {
      return { outcome: 'closed', lease: toLease(lease) };
    }
    const isOthers = lease.ending_by !== null && lease.ending_by !== runner.id;
    if (isOthers && runners.isAlive(transaction, lease.ending_by)) {
      return { outcome: 'owned', lease: toLease(lease) };
    }
    const { mode: current, stop } = mode.status();
    if (stop !== null || current === 'observe') {
      return { outcome: 'stopped', lease: toLease(lease), stop };
    }
    runners.beat(transaction, runner);
    const step = { by: runner.actor, reason, endingBy: runner.id };
    if (lease.ending_by === runner.id) return { outcome: 'begun', lease: toLease(lease) };
    // A dead runner's work goes on under this one's name.
    const open = lease.state === 'ending' ? this.#giveBack(transaction, lease, runner) : lease;
    const ending = leases.move(transaction, open, { to: 'ending', ...step });
    return { outcome: 'begun', lease: toLease(ending) };
  }

  #giveBack(transaction: Transaction, lease: LeaseRow, runner: Runner): LeaseRow {
    const reason = `runner ${lease.ending_by ?? ''} died while it was ending it`;
    const step = { to: 'active', by: runner.actor, reason } as const;
    return this.#tables.leases.move(transaction, lease, step);
  }
}
