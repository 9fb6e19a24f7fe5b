import type { Actor, Runner } from '../actor.ts';
import { isOwned, isWaiting, OWNED_STATES, WAITING_STATES } from '../run-state.ts';
import type { RunRecord } from '../run-record.ts';
import type { CancelAnswer } from '../runs.ts';
import type { Database } from './database.ts';
import { toRunRecord } from './run-row.ts';
import type { RunRow } from './run-row.ts';
import { statesInSql } from './run-table.ts';
import type { Statement } from './statement.ts';
import type { Tables } from './tables.ts';
import type { Instant, Transaction } from './transaction.ts';
import { isOverByBoth, latestOf } from './two-clocks.ts';

/** Result of taking over a run, before its details are read. */
export type Taken =
  | { readonly outcome: 'taken'; readonly fence: number; readonly run: RunRow }
  | { readonly outcome: 'owned' | 'not_under_way'; readonly run: RunRow };

/** Ownership of a run: take-over, and cancel from outside. */
export class RunOwnership {
  readonly #tables: Tables;
  readonly #underWay: Statement<RunRow>;
  readonly #outOfTime: Statement<RunRow>;
  readonly #takeOver: Statement<never>;
  readonly #cancel: Statement<never>;

  constructor(database: Database, tables: Tables) {
    this.#tables = tables;
    this.#underWay = database.prepare(
      `SELECT * FROM run WHERE state IN (${statesInSql(OWNED_STATES)}) ORDER BY sequence`,
    );
    this.#outOfTime = database.prepare(
      `SELECT * FROM run WHERE state IN (${statesInSql(WAITING_STATES)}) AND expires_at <= ?
       ORDER BY sequence`,
    );
    this.#takeOver = database.prepare(
      'UPDATE run SET owner = ?, owner_kind = ?, owner_name = ?, fence = ? WHERE id = ?',
    );
    this.#cancel = database.prepare(
      'UPDATE run SET cancel_kind = ?, cancel_name = ?, cancel_reason = ?, cancel_at = ? WHERE id = ?',
    );
  }

  abandoned(instant: Instant): RunRecord[] {
    return this.#underWay
      .all()
      .filter((run) => !this.#tables.runners.isAlive(instant, run.owner))
      .map(toRunRecord);
  }

  takeOver(transaction: Transaction, runId: string, runner: Runner): Taken {
    const { runs, runners } = this.#tables;
    const run = runs.get(runId);
    if (!isOwned(run.state) && run.state !== 'unknown') return { outcome: 'not_under_way', run };
    if (runners.isAlive(transaction, run.owner)) return { outcome: 'owned', run };
    const fence = transaction.nextFence();
    const { kind, name } = runner.actor;
    runners.beat(transaction, runner);
    this.#takeOver.run(runner.id, kind, name, fence, runId);
    const details = { runner: runner.id, fence, from: run.owner, state: run.state };
    const about = { runId, digest: run.digest, details };
    transaction.append({ actor: runner.actor, kind: 'run_taken_over', ...about });
    return { outcome: 'taken', fence, run: runs.get(runId) };
  }

  cancel(
    transaction: Transaction,
    runId: string,
    wish: { by: Actor; reason: string },
  ): CancelAnswer {
    const { by, reason } = wish;
    const { runs, transitions } = this.#tables;
    const run = transitions.expireIfDue(transaction, runs.get(runId), by);
    if (isWaiting(run.state)) {
      this.#tables.approvals.discard(run);
      const moved = transitions.move(transaction, run, { to: 'cancelled', by, reason });
      return { outcome: 'cancelled', run: toRunRecord(moved) };
    }
    if (!isOwned(run.state)) return { outcome: 'over', run: toRunRecord(run) };
    if (run.cancel_at === null) {
      this.#cancel.run(by.kind, by.name, reason, transaction.now, runId);
      const about = { runId, digest: run.digest, reason };
      transaction.append({ actor: by, kind: 'cancel_requested', ...about });
    }
    return { outcome: 'requested', run: toRunRecord(runs.get(runId)) };
  }

  expire(transaction: Transaction, by: Actor): RunRecord[] {
    const { transitions } = this.#tables;
    return this.#outOfTime
      .all(latestOf(transaction))
      .filter((run) => isOverByBoth(transaction, run.expires_at))
      .map((run) => toRunRecord(transitions.expireIfDue(transaction, run, by)));
  }
}
