import type { Plan, ResourceClaim } from 'operator-core';
import { OWNED_STATES } from '../../run-state.ts';
import type { LimitReached, RunLimits } from '../../claim.ts';
import { toIso } from '../transaction/ledger-time.ts';
import { kindOf } from '../../resource.ts';
import type { SystemColumns } from '../transaction/chain-row.ts';
import type { RunRow } from '../tables/run-row.ts';
import { statesInSql } from '../tables/run-table.ts';
import { Statement } from '../store/statement.ts';
import type { Queries } from '../store/statement.ts';
import type { Tables } from '../tables/tables.ts';
import type { Instant } from '../transaction/transaction.ts';
import { earliestOf, latestOf } from '../transaction/two-clocks.ts';

const HOUR_MS = 3_600_000;

/** The ledger's time and the machine's clock, the earlier and the later: a limit counts what it may count by either. */
interface Now {
  readonly since: number;
  readonly until: number;
}

const NOT_DONE = ['failed', 'partly_done', 'ineffective', 'unknown'] as const;

interface Ended {
  readonly state: RunRow['state'];
  readonly ended_at: number;
}

type LimitedRow = SystemColumns & Pick<RunRow, 'purpose'>;

interface Asked {
  readonly limits: RunLimits;
  readonly plan: Plan;
  readonly claims: readonly ResourceClaim[];
}

/** Counts what policy limits, over all runs on the same system, in the transaction that claims. */
export class LimitCounter {
  readonly #tables: Tables;
  readonly #underWay: Statement<{ n: number }>;
  readonly #begun: Statement<{ started_at: number }>;
  readonly #lastEnds: Statement<Ended>;

  constructor(tables: Tables) {
    this.#tables = tables;
    this.#underWay = new Statement(
      // Few runs are under way and many are over: the other index would read them all.
      `SELECT count(*) AS n FROM run INDEX(run_by_state)
       WHERE state IN (${statesInSql(OWNED_STATES)}) AND system_kind = ? AND system_id = ?`,
    );
    this.#begun = new Statement(
      // As many as matter, not all that there were.
      `SELECT started_at FROM run INDEX(run_by_system_start)
       WHERE system_kind = ? AND system_id = ? AND started_at > ? AND started_at <= ? AND purpose = 'change'
       ORDER BY started_at DESC LIMIT ?`,
    );
    this.#lastEnds = new Statement(
      `SELECT state, ended_at FROM run INDEX(run_by_system_end)
       WHERE system_kind = ? AND system_id = ? AND ended_entry IS NOT NULL
         AND state IN (${statesInSql([...NOT_DONE, 'succeeded', 'undone'])})
       ORDER BY ended_entry DESC LIMIT ?`,
    );
  }

  /** The first limit that stands in the way, or `null`. */
  async reached(instant: Instant, run: LimitedRow, asked: Asked): Promise<LimitReached | null> {
    const { limits } = asked;
    return (
      (await this.#runsAtOnce(instant, run, limits)) ??
      (await this.#runsPerHour(instant, run, limits)) ??
      (await this.#failures(instant, run, limits)) ??
      (await this.#cooldown(instant, run, asked)) ??
      (await this.#resourcesAtOnce(instant, run, asked))
    );
  }

  async #runsAtOnce(
    transaction: Queries,
    system: SystemColumns,
    { runsAtOnce: most }: RunLimits,
  ): Promise<LimitReached | null> {
    if (most === undefined) return null;
    const count =
      (await this.#underWay.get(transaction, system.system_kind, system.system_id))?.n ?? 0;
    const about = { resource: null, until: null };
    return count < most ? null : { limit: 'runsAtOnce', count, most, ...about };
  }

  async #runsPerHour(
    instant: Instant,
    run: LimitedRow,
    limits: RunLimits,
  ): Promise<LimitReached | null> {
    const { runsPerHour: most } = limits;
    if (most === undefined || run.purpose !== 'change') return null;
    const system = [run.system_kind, run.system_id] as const;
    const now = boundsOf(instant);
    const times = [now.since - HOUR_MS, now.until] as const;
    const begun = await this.#begun.all(instant, ...system, ...times, most);
    const count = begun.length;
    if (count < most) return null;
    const until = toIso((begun.at(-1)?.started_at ?? now.until) + HOUR_MS);
    return { limit: 'runsPerHour', count, most, resource: null, until };
  }

  async #failures(
    instant: Instant,
    system: SystemColumns,
    limits: RunLimits,
  ): Promise<LimitReached | null> {
    if (limits.failures === undefined) return null;
    const { count: most, blockMs } = limits.failures;
    const ends = await this.#lastEnds.all(instant, system.system_kind, system.system_id, most);
    const [last] = ends;
    const isRow = ends.length === most && ends.every(({ state }) => isNotDone(state));
    if (last === undefined || !isRow || !isWithin(last.ended_at, boundsOf(instant), blockMs))
      return null;
    const until = toIso(last.ended_at + blockMs);
    return { limit: 'failures', count: ends.length, most, resource: null, until };
  }

  async #cooldown(
    instant: Instant,
    run: SystemColumns,
    asked: Asked,
  ): Promise<LimitReached | null> {
    const { cooldownMs: most } = asked.limits;
    if (most === undefined) return null;
    const now = boundsOf(instant);
    for (const { resource } of asked.claims.filter(isExclusive)) {
      if (!isChanged(asked.plan, resource)) continue;
      const since = now.since - most;
      const usedAt = await this.#tables.locks.lastUse(instant, run, { resource, since });
      if (usedAt === null || usedAt > now.until) continue;
      const until = toIso(usedAt + most);
      return { limit: 'cooldownMs', count: Math.max(0, now.since - usedAt), most, resource, until };
    }
    return null;
  }

  async #resourcesAtOnce(
    transaction: Queries,
    run: SystemColumns,
    { limits, claims }: Asked,
  ): Promise<LimitReached | null> {
    const exclusive = claims.filter(isExclusive);
    for (const { kind, most } of limits.resourcesAtOnce ?? []) {
      const own = exclusive.map(({ resource }) => resource).filter((name) => kindOf(name) === kind);
      if (own.length === 0) continue;
      const standing = (await this.#tables.leases.open(transaction, run)).map(
        ({ resource }) => resource,
      );
      const disturbed = new Set([
        ...(await this.#tables.locks.exclusive(transaction, run, kind)),
        ...standing.filter((name) => kindOf(name) === kind),
        ...own,
      ]);
      if (disturbed.size <= most) continue;
      const about = { resource: kind, until: null };
      return { limit: 'resourcesAtOnce', count: disturbed.size, most, ...about };
    }
    return null;
  }
}

function boundsOf(instant: Instant): Now {
  return { since: earliestOf(instant), until: latestOf(instant) };
}

/** Also whether it is not ahead of both clocks: the owner may have set the ledger's time back. */
function isWithin(at: number, { since, until }: Now, ms: number): boolean {
  return at <= until && at + ms > since;
}

/** Some resources are only locked, so that two runs do not meet; what is not changed needs no rest. */
function isChanged({ effects }: Plan, resource: string): boolean {
  return effects.length === 0 || effects.some((effect) => effect.resource === resource);
}

function isExclusive({ mode }: ResourceClaim): boolean {
  return mode === 'exclusive';
}

function isNotDone(state: RunRow['state']): boolean {
  return NOT_DONE.some((wanted) => wanted === state);
}
