import type { ResourceClaim } from 'operator-core';
import type { Actor } from '../actor.ts';
import type { Holder } from '../claim.ts';
import { covers, kindOf } from '../resource.ts';
import type { Database } from './database.ts';
import { toIso } from './ledger-time.ts';
import type { RunRow, SystemColumns } from './run-row.ts';
import type { Statement } from './statement.ts';
import type { Transaction } from './transaction.ts';

interface HeldRow {
  readonly run_id: string;
  readonly resource: string;
  readonly mode: ResourceClaim['mode'];
  readonly since: number;
  readonly requester_kind: Actor['kind'];
  readonly requester_name: string;
}

/** The locks on the resources of systems. A released one stays, for cooldowns, as long as its run. */
export class LockTable {
  readonly #held: Statement<HeldRow>;
  readonly #insert: Statement<never>;
  readonly #release: Statement<never>;
  readonly #releaseOne: Statement<never>;
  readonly #accepted: Statement<{ n: number }>;
  readonly #exclusive: Statement<{ resource: string }>;
  readonly #lastUse: Statement<{ at: number | null }>;

  constructor(database: Database) {
    this.#held = database.prepare(
      `SELECT l.run_id, l.resource, l.mode, l.since, r.requester_kind, r.requester_name
       FROM resource_lock l INDEXED BY lock_held JOIN run r ON r.id = l.run_id
       WHERE l.system_kind = ? AND l.system_id = ? AND l.kind = ? AND l.released_at IS NULL
       ORDER BY r.sequence`,
    );
    this.#insert = database.prepare(
      `INSERT INTO resource_lock (run_id, resource, kind, system_kind, system_id, mode, since)
       VALUES (?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#release = database.prepare(
      'UPDATE resource_lock SET released_at = ? WHERE run_id = ? AND released_at IS NULL',
    );
    this.#releaseOne = database.prepare(
      'UPDATE resource_lock SET released_at = ? WHERE run_id = ? AND resource = ? AND released_at IS NULL',
    );
    this.#accepted = database.prepare(
      `SELECT count(*) AS n FROM request WHERE run_id = ? AND outcome = 'accepted'`,
    );
    this.#exclusive = database.prepare(
      `SELECT DISTINCT resource FROM resource_lock INDEXED BY lock_held
       WHERE system_kind = ? AND system_id = ? AND kind = ? AND released_at IS NULL
         AND mode = 'exclusive'`,
    );
    this.#lastUse = database.prepare(
      `SELECT max(l.released_at) AS at FROM resource_lock l INDEXED BY lock_released JOIN run r ON r.id = l.run_id
       WHERE l.system_kind = ? AND l.system_id = ? AND l.resource = ? AND l.mode = 'exclusive'
         AND l.released_at > ? AND r.has_intended = 1`,
    );
  }

  /** Holders that block `claims`. The locks of the run `except` do not count. */
  holders(
    system: SystemColumns,
    claims: readonly ResourceClaim[],
    except: string | null,
  ): Holder[] {
    const { system_kind: kind, system_id: id } = system;
    return claims.flatMap((claim) =>
      this.#held
        .all(kind, id, kindOf(claim.resource))
        .filter((held) => held.run_id !== except && isInTheWay(held, claim))
        .map(toHolder),
    );
  }

  /** Takes all of them; that none is held must have been looked at in the same transaction. */
  take(transaction: Transaction, run: RunRow, claims: readonly ResourceClaim[]): void {
    const { system_kind: kind, system_id: id } = run;
    for (const { resource, mode } of claims) {
      this.#insert.run(run.id, resource, kindOf(resource), kind, id, mode, transaction.now);
    }
  }

  release(transaction: Transaction, runId: string): void {
    this.#release.run(transaction.now, runId);
  }

  /** Gives back what was claimed only until the system had accepted every request. */
  releaseSent(transaction: Transaction, run: RunRow, claims: readonly ResourceClaim[]): void {
    if ((this.#accepted.get(run.id)?.n ?? 0) < run.request_count) return;
    const kept = new Set(
      claims.filter(({ until }) => until !== 'sent').map(({ resource }) => resource),
    );
    for (const { resource } of claims.filter((claim) => !kept.has(claim.resource))) {
      this.#releaseOne.run(transaction.now, run.id, resource);
    }
  }

  /** The resources of a kind that runs have for themselves now. */
  exclusive(system: SystemColumns, kind: string): string[] {
    const rows = this.#exclusive.all(system.system_kind, system.system_id, kind);
    return rows.map(({ resource }) => resource);
  }

  /** Time at which the last run that sent something released the resource; `null` when that was before `since`. */
  lastUse(system: SystemColumns, resource: string, since: number): number | null {
    return this.#lastUse.get(system.system_kind, system.system_id, resource, since)?.at ?? null;
  }
}

/** One claim for each resource; exclusive where it is claimed both ways. */
export function mergeClaims(claims: readonly ResourceClaim[]): readonly ResourceClaim[] {
  const modes = new Map<string, ResourceClaim['mode']>();
  for (const { resource, mode } of claims) {
    modes.set(resource, modes.get(resource) === 'exclusive' ? 'exclusive' : mode);
  }
  return [...modes].map(([resource, mode]) => ({ resource, mode }));
}

function isInTheWay(held: HeldRow, claim: ResourceClaim): boolean {
  if (held.mode === 'shared' && claim.mode === 'shared') return false;
  return covers(held.resource, claim.resource) || covers(claim.resource, held.resource);
}

function toHolder(row: HeldRow): Holder {
  const { run_id: runId, resource, mode, since, requester_kind: kind, requester_name: name } = row;
  return { resource, mode, runId, requester: { kind, name }, since: toIso(since), by: 'run' };
}
