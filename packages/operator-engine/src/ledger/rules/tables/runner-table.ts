import { toActor, toActorColumns } from '../transaction/actor-columns.ts';
import type { Actor, Runner } from '../../actor.ts';
import type { RunnerStatus } from '../../runners.ts';
import { toIso } from '../transaction/ledger-time.ts';
import { statesInSql } from './run-table.ts';
import { OWNED_STATES } from '../../run-state.ts';
import { Statement } from '../store/statement.ts';
import type { Queries } from '../store/statement.ts';
import type { Instant } from '../transaction/transaction.ts';

interface RunnerRow {
  readonly id: string;
  readonly actor_kind: Actor['kind'];
  readonly actor_name: string;
  readonly actor_for: string | null;
  readonly role: Runner['role'];
  readonly started_at: number;
  readonly beat_at: number;
  readonly beat_monotonic: number;
  readonly beat_boot: string | null;
  readonly has_left: number;
}

const FORGET_AFTER_MS = 24 * 3_600_000;
const OWNS = `EXISTS (SELECT 1 FROM run WHERE run.owner = runner.id
  AND run.state IN (${statesInSql(OWNED_STATES)}))`;

/** The heartbeats of runners, inside a transaction. */
export class RunnerTable {
  readonly #ttlMs: number;
  readonly #byId: Statement<RunnerRow>;
  readonly #beat: Statement<never>;
  readonly #leave: Statement<never>;
  readonly #forget: Statement<never>;
  readonly #recent: Statement<RunnerRow & { owns: number }>;

  constructor(options: { ttlMs: number }) {
    this.#ttlMs = options.ttlMs;
    this.#byId = new Statement('SELECT * FROM runner WHERE id = ?');
    this.#beat = new Statement(
      `INSERT INTO runner (id, actor_kind, actor_name, actor_for, role, started_at, beat_at,
         beat_monotonic, beat_boot) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET beat_at = excluded.beat_at, has_left = 0,
         beat_monotonic = excluded.beat_monotonic, beat_boot = excluded.beat_boot`,
    );
    this.#leave = new Statement('UPDATE runner SET has_left = 1 WHERE id = ?');
    this.#forget = new Statement(`DELETE FROM runner WHERE beat_at < ? AND NOT ${OWNS}`);
    this.#recent = new Statement(
      `SELECT runner.*, CASE WHEN ${OWNS} THEN 1 ELSE 0 END AS owns FROM runner ORDER BY started_at, id`,
    );
  }

  async beat(instant: Instant, runner: Runner): Promise<void> {
    const { now, reading } = instant;
    const { id, actor, role } = runner;
    if ((await this.#byId.get(instant, id)) === undefined)
      await this.#forget.run(instant, now - FORGET_AFTER_MS);
    await this.#beat.run(
      instant,
      id,
      ...toActorColumns(actor),
      role,
      now,
      now,
      reading.monotonic,
      reading.boot,
    );
  }

  /** The heartbeat of a runner that is known already. */
  async renew(instant: Instant, id: string | null): Promise<void> {
    const row = id === null ? undefined : await this.#byId.get(instant, id);
    if (row === undefined) return;
    await this.beat(instant, { id: row.id, actor: actorOf(row), role: row.role });
  }

  async leave(transaction: Queries, id: string): Promise<void> {
    await this.#leave.run(transaction, id);
  }

  async isAlive(instant: Instant, id: string | null): Promise<boolean> {
    const row = id === null ? undefined : await this.#byId.get(instant, id);
    return row !== undefined && this.#isFresh(instant, row);
  }

  async list(instant: Instant): Promise<RunnerStatus[]> {
    return (await this.#recent.all(instant))
      .map((row) => ({ row, isAlive: this.#isFresh(instant, row) }))
      .filter(({ row, isAlive }) => isAlive || row.owns === 1)
      .map(({ row, isAlive }) => ({
        id: row.id,
        actor: actorOf(row),
        role: row.role,
        isAlive,
        startedAt: toIso(row.started_at),
        lastBeatAt: toIso(row.beat_at),
      }));
  }

  #isFresh({ now, reading }: Instant, row: RunnerRow): boolean {
    if (row.has_left === 1) return false;
    if (row.beat_boot === null || reading.boot === null) return now - row.beat_at < this.#ttlMs;
    // All processes on one file are on one machine: with the machine its runners have died.
    const isSameBoot = row.beat_boot === reading.boot;
    return isSameBoot && reading.monotonic - row.beat_monotonic < this.#ttlMs;
  }
}

function actorOf(row: RunnerRow): Actor {
  return toActor(row.actor_kind, row.actor_name, row.actor_for);
}
