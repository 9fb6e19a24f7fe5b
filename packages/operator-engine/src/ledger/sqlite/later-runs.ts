import { covers } from '../resource.ts';
import type { RunRecord } from '../run-record.ts';
import type { Database } from './database.ts';
import { toRunRecord } from './run-row.ts';
import type { RunRow } from './run-row.ts';
import type { Statement } from './statement.ts';

/** Finds runs that may have changed what an earlier run changed. */
export class LaterRuns {
  readonly #intents: Statement<{ first: number | null; last: number | null }>;
  readonly #candidates: Statement<RunRow & { readonly held: string }>;

  constructor(database: Database) {
    this.#intents = database.prepare(
      `SELECT min(sequence) AS first, max(sequence) AS last FROM audit
       WHERE run_id = ? AND kind = 'request_intended'`,
    );
    this.#candidates = database.prepare(
      `SELECT run.*, lock.resource AS held FROM run JOIN resource_lock AS lock ON lock.run_id = run.id
       WHERE run.system_kind = ? AND run.system_id = ? AND run.id <> ? AND run.has_intended = 1
         AND (run.ended_entry IS NULL OR run.ended_entry > ?) AND lock.mode = 'exclusive'
       ORDER BY run.sequence`,
    );
  }

  /** By the order of the audit: times order nothing. */
  find(run: RunRow, resources: readonly string[]): readonly RunRecord[] {
    const since = this.#intents.get(run.id)?.first ?? 0;
    const rows = this.#candidates
      .all(run.system_kind, run.system_id, run.id, since)
      .filter((row) => row.of_run !== run.id)
      .filter(({ held }) => resources.some((one) => covers(held, one) || covers(one, held)))
      .filter(({ id }) => (this.#intents.get(id)?.last ?? 0) > since);
    return [...new Map(rows.map((row) => [row.id, toRunRecord(row)])).values()];
  }
}
