import type { Queries } from '../store/statement.ts';
import type { Actor } from '../../actor.ts';
import type { Pruned } from '../../maintenance.ts';
import { OVER_STATES } from '../../run-state.ts';
import type { AuditQueries } from './audit-queries.ts';
import { OPEN_LEASES } from '../tables/lease-table.ts';
import { toIso } from '../transaction/ledger-time.ts';
import { statesInSql } from '../tables/run-table.ts';
import { Statement } from '../store/statement.ts';
import type { Transaction, Transactions } from '../transaction/transaction.ts';

/** Runs that may go: over before an instant, and nothing of them is still in force. */
const OLD_RUNS = `state IN (${statesInSql(OVER_STATES)}) AND ended_at < ?
  AND NOT EXISTS (SELECT 1 FROM lease WHERE lease.run_id = run.id AND lease.${OPEN_LEASES})`;

/** Takes old runs and the beginning of the audit away. */
export class Pruner {
  readonly #transactions: Transactions;
  readonly #audit: AuditQueries;
  readonly #deleteRuns: Statement<never>;
  readonly #firstKept: Statement<{ entry: number | null }>;
  readonly #hashOf: Statement<{ hash: string }>;
  readonly #deleteEntries: Statement<never>;
  readonly #setStart: Statement<never>;
  readonly #proofs: Statement<{ proof: string }>;
  readonly #leased: Statement<{ id: string }>;

  constructor(transactions: Transactions, audit: AuditQueries) {
    this.#transactions = transactions;
    this.#audit = audit;
    this.#deleteRuns = new Statement(`DELETE FROM run WHERE ${OLD_RUNS}`);
    this.#leased = new Statement(`SELECT id FROM run WHERE ${OLD_RUNS} AND lease_ms IS NOT NULL`);
    this.#proofs = new Statement(
      `WITH old AS (SELECT id, proof FROM run WHERE ${OLD_RUNS})
       SELECT proof FROM old WHERE proof IS NOT NULL
       UNION ALL SELECT id || '.claim.json' FROM old WHERE proof IS NOT NULL
       UNION ALL SELECT id || '.withdrawal.json' FROM old WHERE proof IS NOT NULL
       UNION ALL SELECT proof FROM approval
         WHERE proof IS NOT NULL AND run_id IN (SELECT id FROM old)`,
    );
    this.#firstKept = new Statement('SELECT min(first_entry) AS entry FROM run');
    this.#hashOf = new Statement('SELECT hash FROM audit WHERE sequence = ?');
    this.#deleteEntries = new Statement('DELETE FROM audit WHERE sequence <= ?');
    this.#setStart = new Statement('UPDATE control SET start_sequence = ?, start_hash = ?');
  }

  /** The runs with leases that pruning takes away. */
  async leased(transaction: Queries, before: number): Promise<readonly string[]> {
    return (await this.#leased.all(transaction, before)).map(({ id }) => id);
  }

  /** The files that prove something of the runs that pruning takes away. */
  async proofs(transaction: Queries, before: number): Promise<readonly string[]> {
    return (await this.#proofs.all(transaction, before)).map(({ proof }) => proof);
  }

  async prune(transaction: Transaction, before: number, by: Actor): Promise<Pruned> {
    const runs = await this.#deleteRuns.run(transaction, before);
    const start = (await this.#transactions.control(transaction)).start_sequence;
    const through = await this.#lastToGo(transaction, before);
    const hash = (await this.#hashOf.get(transaction, through))?.hash;
    const isShorter = through > start && hash !== undefined;
    const entries = isShorter ? await this.#deleteEntries.run(transaction, through) : 0;
    if (isShorter) await this.#setStart.run(transaction, through, hash);
    if (runs > 0 || isShorter) {
      // The new beginning of the chain, under the hash of the chain itself. The latest one counts.
      const begins = isShorter ? { through, hash } : await this.#beginning(transaction);
      const details = { before: toIso(before), runs, entries, ...begins };
      transaction.append({ actor: by, kind: 'ledger_pruned', details });
    }
    return { runs, entries, through: isShorter ? through : start };
  }

  async #beginning(transaction: Queries): Promise<{ through: number; hash: string }> {
    const { start_sequence: through, start_hash: hash } =
      await this.#transactions.control(transaction);
    return { through, hash };
  }

  /** The last entry that is old and belongs to no run that stays. */
  async #lastToGo(transaction: Transaction, before: number): Promise<number> {
    const young = await this.#audit.firstSince(transaction, toIso(before));
    const kept = (await this.#firstKept.get(transaction))?.entry ?? transaction.nextEntry;
    return Math.min(young, kept) - 1;
  }
}
