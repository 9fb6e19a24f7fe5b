import { mapInTurn } from '../store/in-turn.ts';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { createInterrupted, isAborted } from '../../../base/signals.ts';
import { isWaiting, OVER_STATES } from '../../run-state.ts';
import { isClosed } from '../../lease.ts';
import { OPEN_LEASES } from '../tables/lease-table.ts';
import type { LeaseTable } from '../tables/lease-table.ts';
import { toIsoOrNull } from '../transaction/ledger-time.ts';
import type { OriginProofs } from '../tables/origin-proofs.ts';
import type { RunProofs } from '../tables/run-proofs.ts';
import type { RunRow } from '../tables/run-row.ts';
import { statesInSql } from '../tables/run-table.ts';
import { Statement } from '../store/statement.ts';
import type { Queries } from '../store/statement.ts';
import type { Tables } from '../tables/tables.ts';
import type { Transactions } from '../transaction/transaction.ts';

const PAGE = 200;

/** Compares the rows of open runs and of standing effects with the files of requesters and approvers. */
export class ProofCheck {
  readonly #transactions: Transactions;
  readonly #proofs: RunProofs;
  readonly #runs: Statement<RunRow>;

  readonly #origins: OriginProofs;
  readonly #leases: LeaseTable;

  constructor(transactions: Transactions, { proofs, origins, leases }: Tables) {
    this.#transactions = transactions;
    this.#proofs = proofs;
    this.#origins = origins;
    this.#leases = leases;
    this.#runs = new Statement(
      `SELECT * FROM run WHERE sequence > ? AND (state NOT IN (${statesInSql(OVER_STATES)})
         OR EXISTS (SELECT 1 FROM lease WHERE lease.run_id = run.id AND lease.${OPEN_LEASES}))
       ORDER BY sequence LIMIT ${PAGE}`,
    );
  }

  /** Every difference, as a sentence. Empty where this process cannot tell. */
  async find(signal: AbortSignal | undefined): Promise<readonly string[]> {
    const problems: string[] = [];
    if (this.#proofs.whyBlind() !== null) return problems;
    for (let after = 0; ;) {
      if (isAborted(signal)) throw createInterrupted('checking the ledger');
      const page = await this.#transactions.read(async (transaction) =>
        mapInTurn(await this.#runs.all(transaction, after), async (run) => {
          const { sequence } = run;
          return { sequence, problems: await this.#lookAtRun(transaction, run) };
        }),
      );
      problems.push(...page.flatMap((run) => run.problems));
      const last = page.at(-1);
      if (last === undefined) return problems;
      after = last.sequence;
      await nextTurn();
    }
  }

  /** A run without a proof is one that a host vouches for: nothing begins it here. */
  async #lookAtRun(transaction: Queries, run: RunRow): Promise<readonly string[]> {
    if (run.proof === null) return [];
    if (!isWaiting(run.state)) return this.#lookAtOrigin(transaction, run);
    const request = this.#proofs.checkRequest(run, { mayWaitLonger: true });
    const withdrawn = this.#proofs.checkWithdrawn(run);
    return [request, withdrawn]
      .filter((why) => why !== null)
      .map((why) => `of run ${run.id}: ${why}`);
  }

  async #lookAtOrigin(transaction: Queries, run: RunRow): Promise<readonly string[]> {
    const why = [
      ...(await this.#origins.whyUnproven(transaction, run, null)),
      ...(await this.#lookAtEnd(transaction, run)),
    ];
    return why.map((one) => `of run ${run.id}: ${one}`);
  }

  async #lookAtEnd(transaction: Queries, run: RunRow): Promise<readonly string[]> {
    const lease = await this.#leases.find(transaction, run.id);
    if (lease === undefined || isClosed(lease.state)) return [];
    const endsAt = this.#proofs.boundEnd(run, lease.ends_at);
    if (endsAt === lease.ends_at) return [];
    return [`nothing proves the end of its lease; it is ended at ${toIsoOrNull(endsAt)}`];
  }
}
