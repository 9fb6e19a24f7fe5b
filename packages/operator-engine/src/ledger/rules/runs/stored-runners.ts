import type { Runner } from '../../actor.ts';
import type { Runners, RunnerStatus } from '../../runners.ts';
import type { Tables } from '../tables/tables.ts';
import type { Transactions } from '../transaction/transaction.ts';

const BEAT = { durable: false, of: 'heartbeat' } as const;

/** The heartbeats. */
export class StoredRunners implements Runners {
  readonly #transactions: Transactions;
  readonly #tables: Tables;

  constructor(transactions: Transactions, tables: Tables) {
    this.#transactions = transactions;
    this.#tables = tables;
  }

  async beat(runner: Runner): Promise<void> {
    const { runners } = this.#tables;
    await this.#transactions.write(async (open) => runners.beat(open, runner), BEAT);
  }

  async leave(runnerId: string): Promise<void> {
    const { runners } = this.#tables;
    await this.#transactions.write(
      async (transaction) => runners.leave(transaction, runnerId),
      BEAT,
    );
  }

  async list(): Promise<readonly RunnerStatus[]> {
    return this.#transactions.read(async (instant) => this.#tables.runners.list(instant));
  }
}
