import type { Actor } from '../actor.ts';
import type { Pruned } from '../maintenance.ts';
import { OVER_STATES } from '../run-state.ts';
import type { AuditQueries } from './audit-queries.ts';
import { OPEN_LEASES } from './lease-table.ts';
import { toIso } from './ledger-time.ts';
import { statesInSql } from './run-table.ts';
import type { Statement } from './statement.ts';
import type { Transaction, Transactions } from './transaction.ts';

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
    const { database } = transactions;
    this.#transactions = transactions;
    this.#audit = audit;
    this.#deleteRuns = database.prepare(`DELETE FROM run WHERE ${OLD_RUNS}`);
    this.#leased = database.prepare(
      `SELECT id FROM run WHERE ${OLD_RUNS} AND lease_ms IS NOT NULL`,
    );
    this.#proofs = database.prepare(
      `WITH old AS (SELECT id, proof FROM run WHERE ${OLD_RUNS})
       SELECT proof FROM old WHERE proof IS NOT NULL
       UNION ALL SELECT id || '.claim.json' FROM old WHERE proof IS NOT NULL
       UNION ALL SELECT id || '.withdrawal.json' FROM old WHERE proof IS NOT NULL
       UNION ALL SELECT proof FROM approval
         WHERE proof IS NOT NULL AND run_id IN (SELECT id FROM old)`,
    );
    this.#firstKept = database.prepare('SELECT min(first_entry) AS entry FROM run');
    this.#hashOf = database.prepare('SELECT hash FROM audit WHERE sequence = ?');
    this.#deleteEntries = database.prepare('DELETE FROM audit WHERE sequence <= ?');
    this.#setStart = database.prepare('UPDATE control SET start_sequence = ?, start_hash = ?');
  }

  /** The runs with leases that pruning takes away. */
  leased(before: number): readonly string[] {
    return this.#leased.all(before).map(({ id }) => id);
  }

  /** The files that prove something of the runs that pruning takes away. */
  proofs(before: number): readonly string[] {
    return this.#proofs.all(before).map(({ proof }) => proof);
  }

  prune(transaction: Transaction, before: number, by: Actor): Pruned {
    const runs = this.#deleteRuns.run(before);
    const start = this.#transactions.control().start_sequence;
    const through = this.#lastToGo(transaction, before);
    const hash = this.#hashOf.get(through)?.hash;
    const isShorter = through > start && hash !== undefined;
    const entries = isShorter ? this.#deleteEntries.run(through) : 0;
    if (isShorter) this.#setStart.run(through, hash);
    if (runs > 0 || isShorter) {
      // The new beginning of the chain, under the hash of the chain itself. The latest one counts.
      const begins = isShorter ? { through, hash } : this.#beginning();
      const details = { before: toIso(before), runs, entries, ...begins };
      transaction.append({ actor: by, kind: 'ledger_pruned', details });
    }
    return { runs, entries, through: isShorter ? through : start };
  }

  #beginning(): { through: number; hash: string } {
    const { start_sequence: through, start_hash: hash } = this.#transactions.control();
    return { through, hash };
  }

  /** The last entry that is old and belongs to no run that stays. */
  #lastToGo(transaction: Transaction, before: number): number {
    const young = this.#audit.firstSince(toIso(before));
    const kept = this.#firstKept.get()?.entry ?? transaction.nextEntry;
    return Math.min(young, kept) - 1;
  }
}
