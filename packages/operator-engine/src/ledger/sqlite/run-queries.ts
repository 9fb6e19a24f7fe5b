import type { RunDetails, RunRecord } from '../run-record.ts';
import type { RunFilter } from '../runs.ts';
import type { Database } from './database.ts';
import { toLease } from './lease-table.ts';
import { toJsonObject, toRunRecord } from './run-row.ts';
import type { RunRow } from './run-row.ts';
import { clampLimit, createQuery, pageOf } from './query.ts';
import type { Tables } from './tables.ts';

/** Reads runs. */
export class RunQueries {
  readonly #database: Database;
  readonly #tables: Tables;

  constructor(database: Database, tables: Tables) {
    this.#database = database;
    this.#tables = tables;
  }

  details(row: RunRow): RunDetails {
    const { runs, requests, approvals, leases } = this.#tables;
    const plan = runs.planOf(row.id);
    const lease = leases.find(row.id);
    return {
      ...toRunRecord(row),
      plan,
      requests: requests.all(row.id, plan),
      approvals: approvals.all(row.id),
      lease: lease === undefined ? null : toLease(lease),
      detail: toJsonObject(row.detail),
    };
  }

  list(filter: RunFilter): RunRecord[] {
    const limit = clampLimit(filter.limit, 50);
    const page = { limit, newestFirst: true };
    const rows = pageOf(filter.states, page, (state) => this.#rows(filter, { state, limit }));
    return rows.map(toRunRecord);
  }

  #rows(filter: RunFilter, page: { state: string | undefined; limit: number }): readonly RunRow[] {
    const query = createQuery('SELECT * FROM run', [
      ['state = ?', page.state],
      ['subject = ?', filter.subject],
      ['action = ?', filter.action],
      ['requester_name = ?', filter.requester],
      ['of_run = ?', filter.of],
      ['sequence < ?', filter.before],
    ]);
    const sql = `${query.sql} ORDER BY sequence DESC LIMIT ?`;
    return this.#database.once<RunRow>(sql).all(...query.inputs, page.limit);
  }
}
