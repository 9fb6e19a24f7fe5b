import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { LaterRuns } from '../../src/ledger/rules/runs/later-runs.ts';
import { MIGRATIONS } from '../../src/ledger/rules/store/schema.ts';
import type { Queries } from '../../src/ledger/rules/store/statement.ts';
import type { RunRow } from '../../src/ledger/rules/tables/run-row.ts';

describe('the search for runs that came between', () => {
  it('reads runs of new entries only, however many runs on the system are over', async () => {
    const seen = explain();
    await new LaterRuns().overtaking(seen.queries, RUN, { since: { 'lamp:home': 3 }, claims: [] });
    expect(seen.details).toContain('SEARCH run USING INDEX sqlite_autoindex_run_1 (id=?)');
  });

  it('reads runs that ended after the first request of a run, and those that have not ended', async () => {
    const seen = explain();
    await new LaterRuns().find(seen.queries, RUN, ['switch:1']);
    const index = 'SEARCH run USING INDEX run_by_system_end (system_kind=? AND system_id=?';
    expect(seen.details).toContain(`${index} AND ended_entry>?)`);
    expect(seen.details).toContain(`${index} AND ended_entry=?)`);
  });
});

const RUN = { system_kind: 'switchboard', system_id: 'one', id: 'run' } as RunRow;

/** Queries of an empty ledger that remember how SQLite looks for the rows. */
function explain(): { queries: Queries; details: string[] } {
  const database = new DatabaseSync(':memory:');
  for (const step of MIGRATIONS) database.exec(step);
  const details: string[] = [];
  const all: Queries['all'] = async (sql, inputs) => {
    const plan = database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...inputs);
    details.push(...plan.map(({ detail }) => String(detail)));
    return [];
  };
  const get: Queries['get'] = async (sql, inputs) => (await all(sql, inputs))[0];
  return { queries: { all, get, run: async () => 0 }, details };
}
