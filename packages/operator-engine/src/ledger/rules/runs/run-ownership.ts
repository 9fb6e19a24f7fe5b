import { toActorColumns } from '../transaction/actor-columns.ts';
import { filterInTurn, mapInTurn } from '../store/in-turn.ts';
import type { Actor, Runner } from '../../actor.ts';
import { isOwned, isWaiting, OWNED_STATES, WAITING_STATES } from '../../run-state.ts';
import type { RunRecord } from '../../run-record.ts';
import type { CancelAnswer } from '../../runs.ts';
import { toRunRecord } from '../tables/run-row.ts';
import type { RunRow } from '../tables/run-row.ts';
import { statesInSql } from '../tables/run-table.ts';
import { Statement } from '../store/statement.ts';
import type { Tables } from '../tables/tables.ts';
import type { Instant, Transaction } from '../transaction/transaction.ts';
import { isOverByBoth, latestOf } from '../transaction/two-clocks.ts';

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

  constructor(tables: Tables) {
    this.#tables = tables;
    this.#underWay = new Statement(
      `SELECT * FROM run WHERE state IN (${statesInSql(OWNED_STATES)}) ORDER BY sequence`,
    );
    this.#outOfTime = new Statement(
      `SELECT * FROM run WHERE state IN (${statesInSql(WAITING_STATES)}) AND expires_at <= ?
       ORDER BY sequence`,
    );
    this.#takeOver = new Statement(
      'UPDATE run SET owner = ?, owner_kind = ?, owner_name = ?, owner_for = ?, fence = ? WHERE id = ?',
    );
    this.#cancel = new Statement(
      `UPDATE run SET cancel_kind = ?, cancel_name = ?, cancel_for = ?, cancel_reason = ?,
         cancel_at = ? WHERE id = ?`,
    );
  }

  async abandoned(instant: Instant): Promise<RunRecord[]> {
    const { runners } = this.#tables;
    const abandoned = await filterInTurn(
      await this.#underWay.all(instant),
      async ({ owner }) => !(await runners.isAlive(instant, owner)),
    );
    return abandoned.map(toRunRecord);
  }

  async takeOver(transaction: Transaction, runId: string, runner: Runner): Promise<Taken> {
    const { runs, runners } = this.#tables;
    const run = await runs.get(transaction, runId);
    if (!isOwned(run.state) && run.state !== 'unknown') return { outcome: 'not_under_way', run };
    if (await runners.isAlive(transaction, run.owner)) return { outcome: 'owned', run };
    const fence = await transaction.nextFence(run);
    const owner = toActorColumns(runner.actor);
    await runners.beat(transaction, runner);
    await this.#takeOver.run(transaction, runner.id, ...owner, fence, runId);
    const details = { runner: runner.id, fence, from: run.owner, state: run.state };
    const about = { runId, digest: run.digest, details };
    await transaction.append({ actor: runner.actor, kind: 'run_taken_over', ...about });
    return { outcome: 'taken', fence, run: await runs.get(transaction, runId) };
  }

  async cancel(
    transaction: Transaction,
    runId: string,
    wish: { by: Actor; reason: string },
  ): Promise<CancelAnswer> {
    const { by, reason } = wish;
    const { runs, transitions } = this.#tables;
    const run = await transitions.expireIfDue(transaction, await runs.get(transaction, runId), by);
    if (isWaiting(run.state)) {
      await this.#tables.approvals.discard(transaction, run);
      const moved = await transitions.move(transaction, run, { to: 'cancelled', by, reason });
      return { outcome: 'cancelled', run: toRunRecord(moved) };
    }
    if (!isOwned(run.state)) return { outcome: 'over', run: toRunRecord(run) };
    if (run.cancel_at === null) {
      await this.#cancel.run(transaction, ...toActorColumns(by), reason, transaction.now, runId);
      const about = { runId, digest: run.digest, reason };
      await transaction.append({ actor: by, kind: 'cancel_requested', ...about });
    }
    return { outcome: 'requested', run: toRunRecord(await runs.get(transaction, runId)) };
  }

  /** Waiting runs that have expired. */
  async outOfTime(instant: Instant): Promise<readonly RunRow[]> {
    const over = await this.#outOfTime.all(instant, latestOf(instant));
    return over.filter((run) => isOverByBoth(instant, run.expires_at));
  }

  async expire(
    transaction: Transaction,
    runIds: readonly string[],
    by: Actor,
  ): Promise<RunRecord[]> {
    const { runs, transitions } = this.#tables;
    const expired = await mapInTurn(runIds, async (runId) => {
      const run = await runs.get(transaction, runId);
      return isWaiting(run.state) ? transitions.expireIfDue(transaction, run, by) : null;
    });
    return expired
      .filter((run) => run?.state === 'expired')
      .map((run) => toRunRecord(run as RunRow));
  }
}
