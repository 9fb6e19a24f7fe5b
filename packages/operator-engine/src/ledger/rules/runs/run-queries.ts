import { mapInTurn } from '../store/in-turn.ts';
import type { RunDetails, RunRecord } from '../../run-record.ts';
import type { DisturbedFilter, RunFilter } from '../../runs.ts';
import { toLease } from '../tables/lease-table.ts';
import { toJsonObject, toRunRecord } from '../tables/run-row.ts';
import type { RunRow } from '../tables/run-row.ts';
import { clampLimit, createQuery, pageOf } from '../store/query.ts';
import { Statement } from '../store/statement.ts';
import type { Queries } from '../store/statement.ts';
import type { Tables } from '../tables/tables.ts';

/** Reads runs. */
export class RunQueries {
  readonly #tables: Tables;
  constructor(tables: Tables) {
    this.#tables = tables;
  }

  async details(transaction: Queries, row: RunRow): Promise<RunDetails> {
    const { runs, requests, approvals, leases } = this.#tables;
    const plan = await runs.planOf(transaction, row.id);
    const lease = await leases.find(transaction, row.id);
    return {
      ...toRunRecord(row),
      plan,
      requests: await requests.all(transaction, row.id, plan),
      approvals: await approvals.all(transaction, row),
      lease: lease === undefined ? null : toLease(lease),
      detail: toJsonObject(row.detail),
    };
  }

  async list(transaction: Queries, filter: RunFilter): Promise<RunRecord[]> {
    const limit = clampLimit(filter.limit, 50);
    const page = { limit, newestFirst: true };
    const rows = await pageOf(filter.states, page, async (state) =>
      this.#rows(transaction, filter, { state, limit }),
    );
    return rows.map(toRunRecord);
  }

  async lastOn(
    transaction: Queries,
    { system, resources, states }: DisturbedFilter,
  ): Promise<RunRecord | null> {
    const lastOn = findLastOn(states.length);
    const found = await mapInTurn(resources, async (resource) =>
      lastOn.get(transaction, system.kind, system.id, resource, ...states),
    );
    const rows = found
      .filter((row) => row !== undefined)
      .toSorted((one, other) => other.given_back_at - one.given_back_at);
    const [last] = rows;
    return last === undefined ? null : toRunRecord(last);
  }

  async #rows(
    transaction: Queries,
    filter: RunFilter,
    page: { state: string | undefined; limit: number },
  ): Promise<readonly RunRow[]> {
    const query = createQuery('SELECT * FROM run', [
      ['state = ?', page.state],
      ['subject = ?', filter.subject],
      ['action = ?', filter.action],
      ['requester_name = ?', filter.requester],
      ['of_run = ?', filter.of],
      ['sequence < ?', filter.before],
    ]);
    const sql = `${query.sql} ORDER BY sequence DESC LIMIT ?`;
    return new Statement<RunRow>(sql).all(transaction, ...query.inputs, page.limit);
  }
}

/** Statement that finds the newest run, in the order of the index: what was long ago costs nothing. */
function findLastOn(states: number): Statement<RunRow & { readonly given_back_at: number }> {
  const places = Array.from({ length: states }, () => '?').join(', ');
  return new Statement(
    // Without `coalesce` all runs in these states would be read first.
    `SELECT run.*, lock.released_at AS given_back_at
     FROM resource_lock AS lock INDEX(lock_released) LEFT JOIN run ON run.id = lock.run_id
     WHERE lock.system_kind = ? AND lock.system_id = ? AND lock.resource = ?
       AND lock.mode = 'exclusive' AND lock.released_at IS NOT NULL
       AND coalesce(run.state, '') IN (${places})
     ORDER BY lock.released_at DESC, run.sequence DESC LIMIT 1`,
  );
}
