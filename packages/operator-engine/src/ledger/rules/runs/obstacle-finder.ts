import { toActor } from '../transaction/actor-columns.ts';
import type { Queries } from '../store/statement.ts';
import type { Plan } from 'operator-core';
import type { ForeseenClaim, Holder, Obstacle, RunLimits } from '../../claim.ts';
import { toIso } from '../transaction/ledger-time.ts';
import { LimitCounter } from './limit-counter.ts';
import { mergeClaims } from '../tables/lock-table.ts';
import type { RunRow } from '../tables/run-row.ts';
import type { Tables } from '../tables/tables.ts';
import type { Instant } from '../transaction/transaction.ts';

type Claims = Plan['resources'];

/** Facts of a run that decide about its obstacles. */
type AskingRow = Pick<
  RunRow,
  'system_kind' | 'system_id' | 'purpose' | 'of_run' | 'approvals_needed'
>;

/** Finds what stands in the way of a run that is otherwise allowed: locks, standing effects, limits. */
export class ObstacleFinder {
  readonly #tables: Tables;
  readonly #limits: LimitCounter;

  constructor(tables: Tables) {
    this.#tables = tables;
    this.#limits = new LimitCounter(tables);
  }

  /** Obstacle to a run of this plan; writes nothing. */
  async foresee(instant: Instant, asked: ForeseenClaim): Promise<Obstacle | null> {
    const { plan, purpose, needsApproval, limits } = asked;
    const run: AskingRow = {
      system_kind: plan.subject.system.kind,
      system_id: plan.subject.system.id,
      purpose: purpose.kind,
      of_run: 'of' in purpose ? purpose.of : null,
      approvals_needed: needsApproval ? 1 : 0,
    };
    const stopped = await this.#tables.mode.stopped(instant, run);
    if (stopped !== null) return stopped;
    const claims = mergeClaims(plan.resources);
    return this.find(instant, run, { limits, plan, claims });
  }

  /** Locks, standing effects and limits. */
  async find(
    instant: Instant,
    run: AskingRow,
    asked: { limits: RunLimits; plan: Plan; claims: Claims },
  ): Promise<Obstacle | null> {
    const holders = await this.#holders(instant, run, asked);
    if (holders.length > 0) return { outcome: 'held', holders };
    const reached = await this.#limits.reached(instant, run, asked);
    return reached === null ? null : { outcome: 'limited', reached };
  }

  async #holders(
    transaction: Queries,
    run: AskingRow,
    { plan, claims }: { plan: Plan; claims: Claims },
  ): Promise<Holder[]> {
    const { locks, leases } = this.#tables;
    // What takes a run back must be able to touch what the run holds.
    const except = run.purpose === 'cancel' ? run.of_run : null;
    const effect = plan.standingEffect;
    const standing = effect === null ? [] : await leases.open(transaction, run);
    return [
      ...(await locks.holders(transaction, run, { claims, except })),
      ...standing
        .filter((lease) => lease.effect === effect?.name && lease.resource === effect.resource)
        .filter((lease) => lease.run_id !== run.of_run)
        .map((lease) => ({
          resource: lease.resource,
          mode: 'exclusive' as const,
          runId: lease.run_id,
          requester: toActor(lease.owner_kind, lease.owner_name, lease.owner_for),
          since: toIso(lease.created_at),
          by: 'lease' as const,
        })),
    ];
  }
}
