import { toActor, toActorColumns } from '../transaction/actor-columns.ts';
import { advise } from 'operator-core';
import type { JsonObject, OperatorError } from 'operator-core';
import { UNPROVEN_PAUSE_MS } from '../../../clock/advance-time.ts';
import { operations } from '../../../errors/operations.ts';
import { createEngineError } from '../../../errors/engine-error.ts';
import type { Actor } from '../../actor.ts';
import { isClosed, LEASE_TRANSITIONS } from '../../lease.ts';
import type { Lease, LeaseState } from '../../lease.ts';
import { redactText } from '../../../secrets/redact.ts';
import { toIso, toIsoOrNull } from '../transaction/ledger-time.ts';
import { requesterOf, toSystem } from './run-row.ts';
import type { SystemColumns } from '../transaction/chain-row.ts';
import type { RunRow } from './run-row.ts';
import { Statement } from '../store/statement.ts';
import type { Queries } from '../store/statement.ts';
import type { Transaction } from '../transaction/transaction.ts';
import { earliestOf, latestOf } from '../transaction/two-clocks.ts';

/** One row of the table `lease`. */
export interface LeaseRow extends SystemColumns {
  readonly run_id: string;
  readonly state: LeaseState;
  readonly reason: string | null;
  readonly subject: string;
  readonly system_version: string | null;
  readonly effect: string;
  readonly resource: string;
  readonly owner_kind: Actor['kind'];
  readonly owner_name: string;
  readonly owner_for: string | null;
  readonly created_at: number;
  readonly ends_at: number | null;
  readonly ended_at: number | null;
  readonly ending_by: string | null;
  /** The sum of the unproven jumps of the clock when the end was set, milliseconds. */
  readonly time_jumped: number;
}

/** One step of a lease. */
export interface LeaseStep {
  readonly to: LeaseState;
  readonly by: Actor;
  readonly reason?: string | null;
  /** The runner that removes the effect, with `ending`. */
  readonly endingBy?: string;
  readonly details?: JsonObject;
}

export const OPEN_LEASES = `state IN ('planned', 'active', 'ending')`;

/** The rows of the leases, and the only place where one changes its state. */
export class LeaseTable {
  readonly #byId: Statement<LeaseRow>;
  readonly #insert: Statement<never>;
  readonly #update: Statement<never>;
  readonly #open: Statement<LeaseRow>;
  readonly #mayBeInForce: Statement<{ n: number }>;

  constructor() {
    this.#byId = new Statement('SELECT * FROM lease WHERE run_id = ?');
    this.#insert = new Statement(
      `INSERT INTO lease (run_id, state, subject, system_kind, system_id, system_version, effect,
         resource, owner_kind, owner_name, owner_for, created_at, ends_at, time_jumped)
       VALUES (?, 'planned', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#update = new Statement(
      'UPDATE lease SET state = ?, reason = ?, ended_at = ?, ending_by = ? WHERE run_id = ? AND state = ?',
    );
    this.#open = new Statement(
      `SELECT * FROM lease WHERE system_kind = ? AND system_id = ? AND ${OPEN_LEASES}`,
    );
    this.#mayBeInForce = new Statement(
      `SELECT count(*) AS n FROM request
       WHERE run_id = ? AND (outcome IS NULL OR outcome IN ('accepted', 'unknown'))`,
    );
  }

  async find(transaction: Queries, runId: string): Promise<LeaseRow | undefined> {
    return this.#byId.get(transaction, runId);
  }

  /** Throws `LEASE_NOT_FOUND`. */
  async get(transaction: Queries, runId: string): Promise<LeaseRow> {
    const row = await this.find(transaction, runId);
    if (row !== undefined) return row;
    throw createEngineError('LEASE_NOT_FOUND', {
      message: `There is no lease of a run ${runId} in the ledger.`,
      remedy: advise`Look for it with ${operations.listLeases}; a lease has the id of the run that made it.`,
      facts: { runId },
    });
  }

  /** The standing effects of a system that are, or may be, in force. */
  async open(transaction: Queries, system: SystemColumns): Promise<LeaseRow[]> {
    return this.#open.all(transaction, system.system_kind, system.system_id);
  }

  /** Written before the effect. */
  async plan(
    transaction: Transaction,
    run: RunRow,
    effect: { name: string; resource: string },
  ): Promise<void> {
    const { now } = transaction;
    const owner = requesterOf(run);
    // By the later clock: it is ended only when both are past it, and never before its time.
    const endsAt = run.lease_ms === null ? null : latestOf(transaction) + run.lease_ms;
    const system = [run.system_kind, run.system_id, run.system_version] as const;
    const what = [effect.name, effect.resource, ...toActorColumns(owner)] as const;
    await this.#insert.run(
      transaction,
      run.id,
      run.subject,
      ...system,
      ...what,
      now,
      endsAt,
      transaction.reading.jumpedMs,
    );
    const details = { effect: effect.name, resource: effect.resource, endsAt: toIsoOrNull(endsAt) };
    const about = { runId: run.id, digest: run.digest, details };
    await transaction.append({ actor: owner, kind: 'lease_planned', ...about });
  }

  /** Throws `LEASE_STATE_CONFLICT` for what the table of leases does not know. */
  async move(transaction: Transaction, lease: LeaseRow, step: LeaseStep): Promise<LeaseRow> {
    const { to, by, reason = null, endingBy = null, details } = step;
    const targets: readonly LeaseState[] = LEASE_TRANSITIONS[lease.state];
    if (!targets.includes(to)) throw createLeaseConflict(lease, `become ${to}`);
    const endedAt = isClosed(to) ? transaction.now : null;
    const said = reason === null ? null : redactText(reason);
    await this.#update.run(transaction, to, said, endedAt, endingBy, lease.run_id, lease.state);
    const { effect, resource } = lease;
    const about = { actor: by, runId: lease.run_id, reason };
    const seen = { effect, resource, from: lease.state, to, ...details };
    await transaction.append({ kind: 'lease_moved', ...about, details: seen });
    return this.get(transaction, lease.run_id);
  }

  /** A request that makes the effect was accepted, or may have been. */
  async activate(transaction: Transaction, runId: string, by: Actor): Promise<void> {
    const lease = await this.find(transaction, runId);
    if (lease?.state === 'planned') await this.move(transaction, lease, { to: 'active', by });
  }

  /** The run is over: the lease stays for as long as the effect may be in force. */
  async followRun(transaction: Transaction, run: RunRow, by: Actor): Promise<void> {
    const lease = await this.find(transaction, run.id);
    if (lease?.state !== 'planned') return;
    const isPossible = ((await this.#mayBeInForce.get(transaction, run.id))?.n ?? 0) > 0;
    const never = { to: 'ended', reason: 'it never came into force' } as const;
    await this.move(transaction, lease, { by, ...(isPossible ? { to: 'active' } : never) });
  }

  async endIfOpen(
    transaction: Transaction,
    runId: string,
    end: { by: Actor; reason: string },
  ): Promise<void> {
    const lease = await this.find(transaction, runId);
    if (lease === undefined || isClosed(lease.state)) return;
    await this.move(transaction, lease, { to: 'ended', ...end });
  }
}

/**
 * The latest end that has certainly come: by the ledger's time and by the machine's clock. Jumps since the
 * end was set that add up to more than restarts take count once they are confirmed.
 */
export function latestEnd(
  instant: Pick<Transaction, 'now' | 'reading'>,
  { time_jumped: jumpedMs }: LeaseRow,
): number {
  const { now, reading } = instant;
  const jumped = reading.jumpedMs - Math.max(reading.acceptedMs, jumpedMs);
  const counted = jumped > UNPROVEN_PAUSE_MS ? now - jumped : now;
  return Math.min(counted, earliestOf(instant));
}

export function toLease(row: LeaseRow): Lease {
  return {
    runId: row.run_id,
    state: row.state,
    reason: row.reason,
    subject: row.subject,
    system: toSystem(row),
    effect: row.effect,
    resource: row.resource,
    owner: toActor(row.owner_kind, row.owner_name, row.owner_for),
    createdAt: toIso(row.created_at),
    endsAt: toIsoOrNull(row.ends_at),
    endedAt: toIsoOrNull(row.ended_at),
    endingBy: row.ending_by,
  };
}

/** `LEASE_STATE_CONFLICT`. */
export function createLeaseConflict(lease: LeaseRow, wanted: string): OperatorError {
  return createEngineError('LEASE_STATE_CONFLICT', {
    message: `The lease of run ${lease.run_id} is ${lease.state}: it cannot ${wanted}.`,
    remedy: advise`Look at it with ${operations.listLeases}.`,
    facts: { runId: lease.run_id, state: lease.state },
  });
}
