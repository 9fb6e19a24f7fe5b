import type { Queries } from '../store/statement.ts';
import type { Actor } from '../../actor.ts';
import type { Pruned } from '../../maintenance.ts';
import { OVER_STATES } from '../../run-state.ts';
import type { AuditQueries } from './audit-queries.ts';
import type { Beginning } from '../transaction/beginning.ts';
import { chainOf } from '../transaction/chain-row.ts';
import type { ChainRow, SystemColumns } from '../transaction/chain-row.ts';
import type { Control } from '../transaction/control-row.ts';
import { OPEN_LEASES } from '../tables/lease-table.ts';
import { toIso } from '../transaction/ledger-time.ts';
import { statesInSql } from '../tables/run-table.ts';
import { Statement } from '../store/statement.ts';
import type { Transaction, Transactions } from '../transaction/transaction.ts';

/** Runs that may go: over before an instant, and nothing of them is still in force. */
const OLD_RUNS = `state IN (${statesInSql(OVER_STATES)}) AND ended_at < ?
  AND NOT EXISTS (SELECT 1 FROM lease WHERE lease.run_id = run.id AND lease.${OPEN_LEASES})`;

/** Removes old runs and the beginnings of the audit's chains. */
export class Pruner {
  readonly #transactions: Transactions;
  readonly #audit: AuditQueries;
  readonly #deleteRuns: Statement<never>;
  readonly #firstKept: Statement<SystemColumns & { place: number }>;
  readonly #firstYoung: Statement<{ place: number }>;
  readonly #entryAt: Statement<{ sequence: number; hash: string }>;
  readonly #through: Statement<{ through: number | string | null }>;
  readonly #deleteEntries: Statement<never>;
  readonly #setStart: Statement<never>;
  readonly #forgetSeals: Statement<never>;
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
    this.#firstKept = new Statement(
      `SELECT system_kind, system_id, min(first_entry) AS place FROM run GROUP BY system_kind, system_id`,
    );
    this.#firstYoung = new Statement(
      `SELECT place FROM audit WHERE sequence >= ? AND chain = ? ORDER BY sequence LIMIT 1`,
    );
    this.#entryAt = new Statement('SELECT sequence, hash FROM audit WHERE chain = ? AND place = ?');
    this.#through = new Statement(
      `SELECT MEMBER(entry, 'details.through') AS through FROM audit
       WHERE kind = 'ledger_pruned' ORDER BY sequence DESC LIMIT 1`,
    );
    this.#deleteEntries = new Statement('DELETE FROM audit WHERE chain = ? AND place <= ?');
    this.#forgetSeals = new Statement('DELETE FROM chain_seal');
    this.#setStart = new Statement(
      'UPDATE chain SET start_place = ?, start_hash = ? WHERE name = ?',
    );
  }

  /** The runs with leases that pruning takes away. */
  async leased(transaction: Queries, before: number): Promise<readonly string[]> {
    return (await this.#leased.all(transaction, before)).map(({ id }) => id);
  }

  /** The files that prove something of the runs that pruning takes away. */
  async proofs(transaction: Queries, before: number): Promise<readonly string[]> {
    return (await this.#proofs.all(transaction, before)).map(({ proof }) => proof);
  }

  /** `entry`: the place of its entry in the root chain; `null` when nothing was pruned. */
  async prune(
    transaction: Transaction,
    before: number,
    by: Actor,
  ): Promise<{ pruned: Pruned; entry: number | null }> {
    const runs = await this.#deleteRuns.run(transaction, before);
    const control = await this.#transactions.control(transaction);
    const young = await this.#audit.firstSince(transaction, toIso(before));
    const known = Number((await this.#through.get(transaction))?.through ?? 0);
    let entries = 0;
    let through = known;
    const chains: Record<string, Beginning> = {};
    for (const row of control.chains.values()) {
      const shortened = await this.#shorten(transaction, row, { control, young });
      entries += shortened.entries;
      through = Math.max(through, shortened.through);
      chains[row.name] = shortened.beginning;
    }
    const pruned = { runs, entries, through };
    if (runs === 0 && entries === 0) return { pruned, entry: null };
    // The beginnings and the ends of all chains, under the hash of the root chain. The latest entry counts.
    await this.#forgetSeals.run(transaction);
    const details = { before: toIso(before), ...pruned, chains };
    const entry = await transaction.append({ actor: by, kind: 'ledger_pruned', details });
    return { pruned, entry };
  }

  async #shorten(
    transaction: Queries,
    row: ChainRow,
    bounds: { control: Control; young: number },
  ): Promise<{ entries: number; through: number; beginning: Beginning }> {
    const { name, start_place: place, start_hash: hash } = row;
    const last = await this.#lastToGo(transaction, row, bounds);
    const entry = last > place ? await this.#entryAt.get(transaction, name, last) : undefined;
    if (entry === undefined) return { entries: 0, through: 0, beginning: { place, hash } };
    const entries = await this.#deleteEntries.run(transaction, name, last);
    await this.#setStart.run(transaction, last, entry.hash, name);
    return { entries, through: entry.sequence, beginning: { place: last, hash: entry.hash } };
  }

  /** The place of the last entry of a chain that is old and belongs to no run that stays. */
  async #lastToGo(
    transaction: Queries,
    { name, head_place: head }: ChainRow,
    { control, young }: { control: Control; young: number },
  ): Promise<number> {
    const { chain_base: base } = control;
    const first = (await this.#firstYoung.get(transaction, young, name))?.place ?? head + 1;
    const kept = (await this.#firstKept.all(transaction)).filter(
      // The first entry of a run from before there were chains for each system is in the root chain.
      (run) => run.place <= base || chainOf(run) === name,
    );
    return Math.min(first, ...kept.map(({ place }) => place)) - 1;
  }
}
