import { toActor } from '../transaction/actor-columns.ts';
import { mapInTurn } from '../store/in-turn.ts';
import type { ResourceClaim } from 'operator-core';
import type { Actor } from '../../actor.ts';
import type { Holder } from '../../claim.ts';
import { excludes, kindOf } from '../../resource.ts';
import { toIso } from '../transaction/ledger-time.ts';
import type { SystemColumns } from '../transaction/chain-row.ts';
import type { RunRow } from './run-row.ts';
import { Statement } from '../store/statement.ts';
import type { Queries } from '../store/statement.ts';
import type { Transaction } from '../transaction/transaction.ts';

interface HeldRow {
  readonly run_id: string;
  readonly resource: string;
  readonly mode: ResourceClaim['mode'];
  readonly since: number;
  readonly requester_kind: Actor['kind'];
  readonly requester_name: string;
  readonly requester_for: string | null;
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

  constructor() {
    this.#held = new Statement(
      `SELECT l.run_id, l.resource, l.mode, l.since, r.requester_kind, r.requester_name,
         r.requester_for
       FROM resource_lock AS l INDEX(lock_held) JOIN run AS r ON r.id = l.run_id
       WHERE l.system_kind = ? AND l.system_id = ? AND l.kind = ? AND l.released_at IS NULL
       ORDER BY r.sequence`,
    );
    this.#insert = new Statement(
      `INSERT INTO resource_lock (run_id, resource, kind, system_kind, system_id, mode, since)
       VALUES (?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#release = new Statement(
      'UPDATE resource_lock SET released_at = ? WHERE run_id = ? AND released_at IS NULL',
    );
    this.#releaseOne = new Statement(
      'UPDATE resource_lock SET released_at = ? WHERE run_id = ? AND resource = ? AND released_at IS NULL',
    );
    this.#accepted = new Statement(
      `SELECT count(*) AS n FROM request WHERE run_id = ? AND outcome = 'accepted'`,
    );
    this.#exclusive = new Statement(
      `SELECT DISTINCT resource FROM resource_lock INDEX(lock_held)
       WHERE system_kind = ? AND system_id = ? AND kind = ? AND released_at IS NULL
         AND mode = 'exclusive'`,
    );
    this.#lastUse = new Statement(
      `SELECT max(l.released_at) AS at FROM resource_lock AS l INDEX(lock_released) JOIN run AS r ON r.id = l.run_id
       WHERE l.system_kind = ? AND l.system_id = ? AND l.resource = ? AND l.mode = 'exclusive'
         AND l.released_at > ? AND r.has_intended = 1`,
    );
  }

  /** Holders that block `claims`. The locks of the run `except` do not count. */
  async holders(
    transaction: Queries,
    system: SystemColumns,
    { claims, except }: { claims: readonly ResourceClaim[]; except: string | null },
  ): Promise<Holder[]> {
    const { system_kind: kind, system_id: id } = system;
    const found = await mapInTurn(claims, async (claim) =>
      (await this.#held.all(transaction, kind, id, kindOf(claim.resource)))
        .filter((held) => held.run_id !== except && excludes(held, claim))
        .map(toHolder),
    );
    return found.flat();
  }

  /** Takes all of them; that none is held must have been looked at in the same transaction. */
  async take(
    transaction: Transaction,
    run: RunRow,
    claims: readonly ResourceClaim[],
  ): Promise<void> {
    const { system_kind: kind, system_id: id } = run;
    for (const { resource, mode } of claims) {
      await this.#insert.run(
        transaction,
        run.id,
        resource,
        kindOf(resource),
        kind,
        id,
        mode,
        transaction.now,
      );
    }
  }

  async release(transaction: Transaction, runId: string): Promise<void> {
    await this.#release.run(transaction, transaction.now, runId);
  }

  /** Gives back what was claimed only until the system had accepted every request. */
  async releaseSent(
    transaction: Transaction,
    run: RunRow,
    claims: readonly ResourceClaim[],
  ): Promise<void> {
    if (((await this.#accepted.get(transaction, run.id))?.n ?? 0) < run.request_count) return;
    const kept = new Set(
      claims.filter(({ until }) => until !== 'sent').map(({ resource }) => resource),
    );
    for (const { resource } of claims.filter((claim) => !kept.has(claim.resource))) {
      await this.#releaseOne.run(transaction, transaction.now, run.id, resource);
    }
  }

  /** The resources of a kind that runs have for themselves now. */
  async exclusive(transaction: Queries, system: SystemColumns, kind: string): Promise<string[]> {
    const rows = await this.#exclusive.all(transaction, system.system_kind, system.system_id, kind);
    return rows.map(({ resource }) => resource);
  }

  /** Time at which the last run that sent something released the resource; `null` when that was before `since`. */
  async lastUse(
    transaction: Queries,
    system: SystemColumns,
    { resource, since }: { resource: string; since: number },
  ): Promise<number | null> {
    const { system_kind: kind, system_id: id } = system;
    const last = await this.#lastUse.get(transaction, kind, id, resource, since);
    return last?.at ?? null;
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

function toHolder(row: HeldRow): Holder {
  const { run_id: runId, resource, mode, since } = row;
  const requester = toActor(row.requester_kind, row.requester_name, row.requester_for);
  return { resource, mode, runId, requester, since: toIso(since), by: 'run' };
}
