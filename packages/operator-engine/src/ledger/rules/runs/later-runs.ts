import { filterInTurn } from '../store/in-turn.ts';
import type { ResourceClaim } from 'operator-core';
import type { AuditPosition } from '../../audit-log.ts';
import { excludes, overlaps } from '../../resource.ts';
import type { RunRecord } from '../../run-record.ts';
import { toRunRecord } from '../tables/run-row.ts';
import type { RunRow } from '../tables/run-row.ts';
import { chainOf } from '../transaction/chain-row.ts';
import { Statement } from '../store/statement.ts';
import type { Queries } from '../store/statement.ts';

/** A resource that a run had locked, perhaps until now. */
interface HeldBefore {
  readonly held: string;
  readonly mode: ResourceClaim['mode'];
}

/** Finds runs that may have changed what an earlier run changed. */
export class LaterRuns {
  readonly #intents: Statement<{ first: number | null; last: number | null }>;
  readonly #candidates: Statement<RunRow & Pick<HeldBefore, 'held'>>;
  readonly #since: Statement<RunRow & HeldBefore>;

  constructor() {
    this.#intents = new Statement(
      `SELECT min(place) AS first, max(place) AS last FROM audit
       WHERE run_id = ? AND kind = 'request_intended'`,
    );
    this.#candidates = new Statement(
      `SELECT * FROM (${candidatesThat('run.ended_entry IS NULL')}
         UNION ALL ${candidatesThat('run.ended_entry > ?')}) AS found ORDER BY sequence`,
    );
    this.#since = new Statement(
      // Without `coalesce` all runs on the system would be read, and not those of the few new entries.
      `SELECT run.*, lock.resource AS held, lock.mode AS mode
       FROM run JOIN resource_lock AS lock ON lock.run_id = run.id
       WHERE run.id IN (SELECT run_id FROM audit
           WHERE chain = ? AND place > ? AND kind IN ('request_settled', 'run_moved'))
         AND coalesce(run.system_kind, '') = ? AND coalesce(run.system_id, '') = ?
         AND run.id <> ? AND run.has_intended = 1
       ORDER BY run.sequence`,
    );
  }

  /**
   * Run that may have changed the resources of these claims after the entries `since`; `null` when there is none.
   */
  async overtaking(
    transaction: Queries,
    run: RunRow,
    { since, claims }: { since: AuditPosition; claims: readonly ResourceClaim[] },
  ): Promise<RunRow | null> {
    const { system_kind: kind, system_id: system, id } = run;
    const chain = chainOf(run);
    const after = since[chain] ?? 0;
    const rows = await this.#since.all(transaction, chain, after, kind, system, id);
    const isInTheWay = ({ held: resource, mode }: HeldBefore): boolean =>
      claims.some((claim) => excludes({ resource, mode }, claim));
    return rows.find(isInTheWay) ?? null;
  }

  /** Compares places in the chain of the system, because times may go back. */
  async find(
    transaction: Queries,
    run: RunRow,
    resources: readonly string[],
  ): Promise<readonly RunRecord[]> {
    const since = (await this.#intents.get(transaction, run.id))?.first ?? 0;
    const others = [run.system_kind, run.system_id, run.id] as const;
    const candidates = (await this.#candidates.all(transaction, ...others, ...others, since))
      .filter((row) => row.of_run !== run.id)
      .filter(({ held }) => resources.some((one) => overlaps(held, one)));
    const rows = await filterInTurn(
      candidates,
      async ({ id }) => ((await this.#intents.get(transaction, id))?.last ?? 0) > since,
    );
    return [...new Map(rows.map((row) => [row.id, toRunRecord(row)])).values()];
  }
}

/** Each part has a range of an index of its own: with `OR` all runs on the system would be read. */
function candidatesThat(condition: string): string {
  return `SELECT run.*, lock.resource AS held FROM run JOIN resource_lock AS lock ON lock.run_id = run.id
     WHERE run.system_kind = ? AND run.system_id = ? AND run.id <> ? AND run.has_intended = 1
       AND ${condition} AND lock.mode = 'exclusive'`;
}
