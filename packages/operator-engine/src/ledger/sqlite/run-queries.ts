import type { RunDetails, RunRecord } from '../run-record.ts';
import type { DisturbedFilter, RunFilter } from '../runs.ts';
import type { Database } from './database.ts';
import { toLease } from './lease-table.ts';
import { toJsonObject, toRunRecord } from './run-row.ts';
import type { RunRow } from './run-row.ts';
import { clampLimit, createQuery, pageOf } from './query.ts';
import type { Statement } from './statement.ts';
import type { Tables } from './tables.ts';

/** Reads runs. */
export class RunQueries {
  readonly #database: Database;
  readonly #tables: Tables;
  readonly #lastOn: Statement<RunRow & { readonly given_back_at: number }>;

  constructor(database: Database, tables: Tables) {
    this.#database = database;
    this.#tables = tables;
    // From the newest on, in the order of the index: what was long ago costs nothing.
    this.#lastOn = database.prepare(
      `SELECT run.*, lock.released_at AS given_back_at
       FROM resource_lock AS lock CROSS JOIN run ON run.id = lock.run_id
       WHERE lock.system_kind = ? AND lock.system_id = ? AND lock.resource = ?
         AND lock.mode = 'exclusive' AND lock.released_at IS NOT NULL
         AND run.state IN (SELECT value FROM json_each(?))
       ORDER BY lock.released_at DESC, run.sequence DESC LIMIT 1`,
    );
  }

  details(row: RunRow): RunDetails {
    const { runs, requests, approvals, leases } = this.#tables;
    const plan = runs.planOf(row.id);
    const lease = leases.find(row.id);
    return {
      ...toRunRecord(row),
      plan,
      requests: requests.all(row.id, plan),
      approvals: approvals.all(row),
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

  lastOn({ system, resources, states }: DisturbedFilter): RunRecord | null {
    const given = JSON.stringify(states);
    const rows = resources
      .map((resource) => this.#lastOn.get(system.kind, system.id, resource, given))
      .filter((row) => row !== undefined)
      .toSorted((one, other) => other.given_back_at - one.given_back_at);
    const [last] = rows;
    return last === undefined ? null : toRunRecord(last);
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
