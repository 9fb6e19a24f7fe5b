import type { Plan, TargetedRequest, SendResult } from 'operator-core';
import type { JournaledRequest } from '../../run-record.ts';
import { toIso, toIsoOrNull } from '../transaction/ledger-time.ts';
import { Statement } from '../store/statement.ts';
import type { Queries } from '../store/statement.ts';
import type { Instant } from '../transaction/transaction.ts';

interface RequestRow {
  readonly place: number;
  readonly intended_at: number;
  readonly settled_at: number | null;
  readonly result: string | null;
}

/** The journal of requests, inside a transaction. */
export class RequestTable {
  readonly #one: Statement<RequestRow>;
  readonly #all: Statement<RequestRow>;
  readonly #insert: Statement<never>;
  readonly #markRun: Statement<never>;
  readonly #recordResult: Statement<never>;

  constructor() {
    this.#one = new Statement('SELECT * FROM request WHERE run_id = ? AND place = ?');
    this.#all = new Statement('SELECT * FROM request WHERE run_id = ? ORDER BY place');
    this.#insert = new Statement(
      'INSERT INTO request (run_id, place, intended_at) VALUES (?, ?, ?)',
    );
    this.#markRun = new Statement('UPDATE run SET has_intended = 1 WHERE id = ?');
    this.#recordResult = new Statement(
      `UPDATE request SET settled_at = ?, outcome = ?, result = ?
       WHERE run_id = ? AND place = ? AND outcome IS NULL`,
    );
  }

  /** Result of a request that was intended; `undefined` when it never was. */
  async find(
    transaction: Queries,
    runId: string,
    place: number,
  ): Promise<{ result: SendResult | null } | undefined> {
    const row = await this.#one.get(transaction, runId, place);
    return row === undefined ? undefined : { result: toResult(row) };
  }

  async all(transaction: Queries, runId: string, plan: Plan): Promise<JournaledRequest[]> {
    return (await this.#all.all(transaction, runId)).flatMap((row) => {
      const request: TargetedRequest | undefined = plan.requests[row.place];
      if (request === undefined) return [];
      const intendedAt = toIso(row.intended_at);
      const settledAt = toIsoOrNull(row.settled_at);
      return [{ index: row.place, request, intendedAt, settledAt, result: toResult(row) }];
    });
  }

  async intend(instant: Instant, runId: string, place: number): Promise<void> {
    await this.#insert.run(instant, runId, place, instant.now);
    await this.#markRun.run(instant, runId);
  }

  /** True when this was the first answer: a later one changes nothing. */
  async recordResult(
    instant: Instant,
    { runId, place }: { runId: string; place: number },
    result: SendResult,
  ): Promise<boolean> {
    const said = [instant.now, result.outcome, JSON.stringify(result)] as const;
    return (await this.#recordResult.run(instant, ...said, runId, place)) === 1;
  }
}

function toResult({ result }: RequestRow): SendResult | null {
  // Written by this ledger from a result.
  return result === null ? null : (JSON.parse(result) as SendResult);
}
