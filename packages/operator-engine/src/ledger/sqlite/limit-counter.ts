import type { Plan, ResourceClaim } from 'operator-core';
import { OWNED_STATES } from '../run-state.ts';
import type { LimitReached, RunLimits } from '../claim.ts';
import type { Database } from './database.ts';
import { toIso } from './ledger-time.ts';
import { kindOf } from '../resource.ts';
import type { RunRow, SystemColumns } from './run-row.ts';
import { statesInSql } from './run-table.ts';
import type { Statement } from './statement.ts';
import type { Tables } from './tables.ts';
import type { Instant } from './transaction.ts';
import { earliestOf, latestOf } from './two-clocks.ts';

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

  constructor(database: Database, tables: Tables) {
    this.#tables = tables;
    this.#underWay = database.prepare(
      // Few runs are under way and many are over: the other index would read them all.
      `SELECT count(*) AS n FROM run INDEXED BY run_by_state
       WHERE state IN (${statesInSql(OWNED_STATES)}) AND system_kind = ? AND system_id = ?`,
    );
    this.#begun = database.prepare(
      // As many as matter, not all that there were.
      `SELECT started_at FROM run INDEXED BY run_by_system_start
       WHERE system_kind = ? AND system_id = ? AND started_at > ? AND started_at <= ? AND purpose = 'change'
       ORDER BY started_at DESC LIMIT ?`,
    );
    this.#lastEnds = database.prepare(
      `SELECT state, ended_at FROM run INDEXED BY run_by_system_end
       WHERE system_kind = ? AND system_id = ? AND ended_entry IS NOT NULL
         AND state IN (${statesInSql([...NOT_DONE, 'succeeded', 'undone'])})
       ORDER BY ended_entry DESC LIMIT ?`,
    );
  }

  /** The first limit that stands in the way, or `null`. */
  reached(instant: Instant, run: LimitedRow, asked: Asked): LimitReached | null {
    const { limits, claims } = asked;
    const now = { since: earliestOf(instant), until: latestOf(instant) };
    return (
      this.#runsAtOnce(run, limits) ??
      this.#runsPerHour(run, limits, now) ??
      this.#failures(run, limits, now) ??
      this.#cooldown(run, asked, now) ??
      this.#resourcesAtOnce(run, limits, claims.filter(isExclusive))
    );
  }

  #runsAtOnce(system: SystemColumns, { runsAtOnce: most }: RunLimits): LimitReached | null {
    if (most === undefined) return null;
    const count = this.#underWay.get(system.system_kind, system.system_id)?.n ?? 0;
    const about = { resource: null, until: null };
    return count < most ? null : { limit: 'runsAtOnce', count, most, ...about };
  }

  #runsPerHour(run: LimitedRow, limits: RunLimits, now: Now): LimitReached | null {
    const { runsPerHour: most } = limits;
    if (most === undefined || run.purpose !== 'change') return null;
    const { system_kind: kind, system_id: id } = run;
    const begun = this.#begun.all(kind, id, now.since - HOUR_MS, now.until, most);
    const count = begun.length;
    if (count < most) return null;
    const until = toIso((begun.at(-1)?.started_at ?? now.until) + HOUR_MS);
    return { limit: 'runsPerHour', count, most, resource: null, until };
  }

  #failures(system: SystemColumns, limits: RunLimits, now: Now): LimitReached | null {
    if (limits.failures === undefined) return null;
    const { count: most, blockMs } = limits.failures;
    const ends = this.#lastEnds.all(system.system_kind, system.system_id, most);
    const [last] = ends;
    const isRow = ends.length === most && ends.every(({ state }) => isNotDone(state));
    if (last === undefined || !isRow || !isWithin(last.ended_at, now, blockMs)) return null;
    const until = toIso(last.ended_at + blockMs);
    return { limit: 'failures', count: ends.length, most, resource: null, until };
  }

  #cooldown(run: SystemColumns, asked: Asked, now: Now): LimitReached | null {
    const { cooldownMs: most } = asked.limits;
    if (most === undefined) return null;
    for (const { resource } of asked.claims.filter(isExclusive)) {
      if (!isChanged(asked.plan, resource)) continue;
      const usedAt = this.#tables.locks.lastUse(run, resource, now.since - most);
      if (usedAt === null || usedAt > now.until) continue;
      const until = toIso(usedAt + most);
      return { limit: 'cooldownMs', count: Math.max(0, now.since - usedAt), most, resource, until };
    }
    return null;
  }

  #resourcesAtOnce(
    run: SystemColumns,
    limits: RunLimits,
    claims: readonly ResourceClaim[],
  ): LimitReached | null {
    for (const { kind, most } of limits.resourcesAtOnce ?? []) {
      const own = claims.map(({ resource }) => resource).filter((name) => kindOf(name) === kind);
      if (own.length === 0) continue;
      const standing = this.#tables.leases.open(run).map(({ resource }) => resource);
      const disturbed = new Set([
        ...this.#tables.locks.exclusive(run, kind),
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
