import type { Plan, TargetedRequest, SendResult } from 'operator-core';
import type { JournaledRequest } from '../run-record.ts';
import type { Database } from './database.ts';
import { toIso, toIsoOrNull } from './ledger-time.ts';
import type { Statement } from './statement.ts';
import type { Instant } from './transaction.ts';

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

  constructor(database: Database) {
    this.#one = database.prepare('SELECT * FROM request WHERE run_id = ? AND place = ?');
    this.#all = database.prepare('SELECT * FROM request WHERE run_id = ? ORDER BY place');
    this.#insert = database.prepare(
      'INSERT INTO request (run_id, place, intended_at) VALUES (?, ?, ?)',
    );
    this.#markRun = database.prepare('UPDATE run SET has_intended = 1 WHERE id = ?');
    this.#recordResult = database.prepare(
      `UPDATE request SET settled_at = ?, outcome = ?, result = ?
       WHERE run_id = ? AND place = ? AND outcome IS NULL`,
    );
  }

  /** Result of a request that was intended; `undefined` when it never was. */
  find(runId: string, place: number): { result: SendResult | null } | undefined {
    const row = this.#one.get(runId, place);
    return row === undefined ? undefined : { result: toResult(row) };
  }

  all(runId: string, plan: Plan): JournaledRequest[] {
    return this.#all.all(runId).flatMap((row) => {
      const request: TargetedRequest | undefined = plan.requests[row.place];
      if (request === undefined) return [];
      const intendedAt = toIso(row.intended_at);
      const settledAt = toIsoOrNull(row.settled_at);
      return [{ index: row.place, request, intendedAt, settledAt, result: toResult(row) }];
    });
  }

  intend({ now }: Instant, runId: string, place: number): void {
    this.#insert.run(runId, place, now);
    this.#markRun.run(runId);
  }

  /** True when this was the first answer: a later one changes nothing. */
  recordResult(
    { now }: Instant,
    request: { runId: string; place: number },
    result: SendResult,
  ): boolean {
    const { runId, place } = request;
    const text = JSON.stringify(result);
    return this.#recordResult.run(now, result.outcome, text, runId, place) === 1;
  }
}

function toResult({ result }: RequestRow): SendResult | null {
  // Written by this ledger from a result.
  return result === null ? null : (JSON.parse(result) as SendResult);
}
