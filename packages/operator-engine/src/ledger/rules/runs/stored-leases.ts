import { mapInTurn } from '../store/in-turn.ts';
import type { JsonObject } from 'operator-core';
import { TIME_SLACK_MS } from '../../../clock/advance-time.ts';
import type { Actor, Runner } from '../../actor.ts';
import type { Decision } from '../../approval.ts';
import { isClosed } from '../../lease.ts';
import type { ClosedState, EndAnswer, Lease, LeaseFilter, Leases } from '../../lease.ts';
import { isOwned } from '../../run-state.ts';
import { toIsoOrNull } from '../transaction/ledger-time.ts';
import { createLeaseConflict, latestEnd, OPEN_LEASES, toLease } from '../tables/lease-table.ts';
import type { LeaseRow } from '../tables/lease-table.ts';
import type { ChangeGuard } from '../guards/change-guard.ts';
import { createQuery } from '../store/query.ts';
import { Statement } from '../store/statement.ts';
import type { Queries } from '../store/statement.ts';
import type { Tables } from '../tables/tables.ts';
import type { Instant, Transaction, Transactions } from '../transaction/transaction.ts';
import { earliestOf, isApart, latestOf } from '../transaction/two-clocks.ts';

/** The end that a lease is given: so many milliseconds from now, or none. */
interface NewEnd {
  readonly forMs: number | null;
  readonly by: Actor;
  readonly reason: string;
}

interface NewEnding {
  readonly runner: Runner;
  readonly reason: string;
  readonly origin?: Decision;
}

/** The standing effects. */
export class StoredLeases implements Leases {
  readonly #transactions: Transactions;
  readonly #tables: Tables;
  readonly #guard: ChangeGuard;
  readonly #open: Statement<LeaseRow>;
  readonly #extend: Statement<never>;

  constructor(transactions: Transactions, parts: { tables: Tables; guard: ChangeGuard }) {
    this.#transactions = transactions;
    this.#tables = parts.tables;
    this.#guard = parts.guard;
    this.#open = new Statement(`SELECT * FROM lease WHERE ${OPEN_LEASES} ORDER BY run_id`);
    this.#extend = new Statement('UPDATE lease SET ends_at = ?, time_jumped = ? WHERE run_id = ?');
  }

  async get(runId: string): Promise<Lease> {
    return this.#transactions.read(async (transaction) =>
      toLease(await this.#tables.leases.get(transaction, runId)),
    );
  }

  async list(filter: LeaseFilter = {}): Promise<readonly Lease[]> {
    const { states, subject } = filter;
    const { sql, inputs } = createQuery('SELECT lease.* FROM lease JOIN run ON run.id = run_id', [
      ['lease.subject = ?', subject],
    ]);
    const newestFirst = `${sql} ORDER BY run.sequence DESC`;
    return this.#transactions.read(async (transaction) =>
      (await new Statement<LeaseRow>(newestFirst).all(transaction, ...inputs))
        .filter(({ state }) => states === undefined || states.includes(state))
        .map(toLease),
    );
  }

  async due(): Promise<readonly Lease[]> {
    return this.#transactions.read(async (instant) => this.#listEnded(instant, { isHeld: false }));
  }

  async held(): Promise<readonly Lease[]> {
    return this.#transactions.read(async (instant) => this.#listEnded(instant, { isHeld: true }));
  }

  async extend(runId: string, change: NewEnd): Promise<Lease> {
    await this.#guard.require(change.by);
    return this.#transactions.change(runId, async (transaction) => {
      const { proofs, runs } = this.#tables;
      const lease = await this.#extensible(transaction, runId);
      const endsAt = endOf(transaction, change);
      proofs.writeExtension(await runs.get(transaction, runId), { by: change.by, endsAt });
      return this.#setEnd(transaction, lease, { ...change, endsAt });
    });
  }

  async shorten(runId: string, change: NewEnd): Promise<Lease | null> {
    await this.#guard.require(change.by);
    return this.#transactions.change(runId, async (transaction) => {
      const lease = await this.#extensible(transaction, runId);
      const endsAt = endOf(transaction, change);
      const isLater = lease.ends_at !== null && (endsAt === null || endsAt > lease.ends_at);
      return isLater ? null : await this.#setEnd(transaction, lease, { ...change, endsAt });
    });
  }

  async whyUnproven(runId: string, origin: Decision | null): Promise<readonly string[]> {
    const { origins, runs } = this.#tables;
    return this.#transactions.read(async (transaction) =>
      origins.whyUnproven(transaction, await runs.get(transaction, runId), origin),
    );
  }

  async beginEnd(runId: string, change: NewEnding): Promise<EndAnswer> {
    await this.#guard.require();
    return this.#transactions.change(runId, async (transaction) =>
      this.#beginEnd(transaction, runId, change),
    );
  }

  async giveBack(runId: string, change: { runner: Runner; reason: string }): Promise<Lease> {
    const { runner, reason } = change;
    return this.#transactions.change(runId, async (transaction) => {
      const { leases } = this.#tables;
      const lease = await leases.get(transaction, runId);
      if (lease.state !== 'ending' || lease.ending_by !== runner.id) return toLease(lease);
      const step = { to: 'active', by: runner.actor, reason } as const;
      return toLease(await leases.move(transaction, lease, step));
    });
  }

  async lose(
    runId: string,
    change: { state: 'ended' | 'lost'; by: Actor; reason: string },
  ): Promise<Lease | null> {
    const { state: to, ...step } = change;
    return this.#transactions.change(runId, async (transaction) => {
      const { leases } = this.#tables;
      const lease = await leases.get(transaction, runId);
      if (isClosed(lease.state)) return toLease(lease);
      if (await this.#isOnItsWay(transaction, lease)) return null;
      return toLease(await leases.move(transaction, lease, { to, ...step }));
    });
  }

  /** True when a run or a living runner is changing the effect now. */
  async #isOnItsWay(transaction: Transaction, lease: LeaseRow): Promise<boolean> {
    const { locks, runs, runners } = this.#tables;
    if (isOwned((await runs.get(transaction, lease.run_id)).state)) return true;
    if (await runners.isAlive(transaction, lease.ending_by)) return true;
    const claims = [{ resource: lease.resource, mode: 'exclusive' }] as const;
    return (await locks.holders(transaction, lease, { claims, except: null })).length > 0;
  }

  async close(
    runId: string,
    change: { state: ClosedState; by: Actor; reason: string; details?: JsonObject },
  ): Promise<Lease> {
    const { state: to, ...step } = change;
    return this.#transactions.change(runId, async (transaction) => {
      const { leases } = this.#tables;
      return toLease(
        await leases.move(transaction, await leases.get(transaction, runId), { to, ...step }),
      );
    });
  }

  async #listEnded(instant: Instant, { isHeld }: { isHeld: boolean }): Promise<readonly Lease[]> {
    const latest = latestOf(instant);
    const open = await mapInTurn(await this.#open.all(instant), async (lease) =>
      this.#bound(instant, lease),
    );
    const ended = open
      .filter(({ ends_at: endsAt }) => endsAt !== null && endsAt <= latest)
      .toSorted((one, other) => (one.ends_at ?? 0) - (other.ends_at ?? 0));
    const isDue = (lease: LeaseRow): boolean => (lease.ends_at ?? 0) <= latestEnd(instant, lease);
    if (!isHeld) return ended.filter(isDue).map(toLease);
    // Clocks that differ by a moment hold nothing.
    const certain = latest - (isApart(instant) ? 0 : TIME_SLACK_MS);
    return ended.filter((lease) => !isDue(lease) && (lease.ends_at ?? 0) <= certain).map(toLease);
  }

  /** The lease with the end that is proven: a later one in the row alone keeps nothing in force. */
  async #bound(transaction: Queries, lease: LeaseRow): Promise<LeaseRow> {
    const { proofs, runs } = this.#tables;
    return {
      ...lease,
      ends_at: proofs.boundEnd(await runs.get(transaction, lease.run_id), lease.ends_at),
    };
  }

  async #extensible(transaction: Transaction, runId: string): Promise<LeaseRow> {
    const { leases, runners } = this.#tables;
    const lease = await leases.get(transaction, runId);
    // The runner that ended it has died: the lease is as it was before.
    if (lease.state === 'ending' && !(await runners.isAlive(transaction, lease.ending_by)))
      return lease;
    if (lease.state === 'planned' || lease.state === 'active') return lease;
    throw createLeaseConflict(lease, 'be extended');
  }

  async #setEnd(
    transaction: Transaction,
    { run_id: runId, ends_at: before }: LeaseRow,
    change: NewEnd & { readonly endsAt: number | null },
  ): Promise<Lease> {
    const { endsAt, by, reason } = change;
    await this.#extend.run(transaction, endsAt, transaction.reading.jumpedMs, runId);
    const details = { from: toIsoOrNull(before), to: toIsoOrNull(endsAt) };
    await transaction.append({ actor: by, kind: 'lease_extended', runId, reason, details });
    return toLease(await this.#tables.leases.get(transaction, runId));
  }

  async #beginEnd(transaction: Transaction, runId: string, change: NewEnding): Promise<EndAnswer> {
    const { runner, reason, origin = null } = change;
    const { leases, runners, mode, origins, runs } = this.#tables;
    const lease = await leases.get(transaction, runId);
    if (isClosed(lease.state)) return { outcome: 'closed', lease: toLease(lease) };
    const isOthers = lease.ending_by !== null && lease.ending_by !== runner.id;
    if (isOthers && (await runners.isAlive(transaction, lease.ending_by))) {
      return { outcome: 'owned', lease: toLease(lease) };
    }
    const { mode: current, stop } = await mode.status(transaction);
    if (stop !== null || current === 'observe') {
      return { outcome: 'stopped', lease: toLease(lease), stop };
    }
    const why = await origins.whyUnproven(transaction, await runs.get(transaction, runId), origin);
    if (why.length > 0) return { outcome: 'unproven', lease: toLease(lease), why };
    await runners.beat(transaction, runner);
    const step = { by: runner.actor, reason, endingBy: runner.id };
    if (lease.ending_by === runner.id) return { outcome: 'begun', lease: toLease(lease) };
    // A dead runner's work goes on under this one's name.
    const open =
      lease.state === 'ending' ? await this.#giveBack(transaction, lease, runner) : lease;
    // An end that was asked for is due from now on: should it fail, a watching runner tries again.
    if (open.ends_at === null || open.ends_at > latestEnd(transaction, open)) {
      const endsAt = earliestOf(transaction);
      await this.#setEnd(transaction, open, { forMs: 0, by: runner.actor, reason, endsAt });
    }
    const ending = await leases.move(transaction, open, { to: 'ending', ...step });
    return { outcome: 'begun', lease: toLease(ending) };
  }

  async #giveBack(transaction: Transaction, lease: LeaseRow, runner: Runner): Promise<LeaseRow> {
    const reason = `runner ${lease.ending_by ?? ''} died while it was ending it`;
    const step = { to: 'active', by: runner.actor, reason } as const;
    return this.#tables.leases.move(transaction, lease, step);
  }
}

function endOf(transaction: Transaction, { forMs }: NewEnd): number | null {
  return forMs === null ? null : latestOf(transaction) + forMs;
}
