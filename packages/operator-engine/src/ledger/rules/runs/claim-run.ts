import { toActorColumns } from '../transaction/actor-columns.ts';
import type { Plan } from 'operator-core';
import type { Actor } from '../../actor.ts';
import { neededBy, objectToConsent } from '../../approval.ts';
import type { Decision } from '../../approval.ts';
import type { AuditPosition } from '../../audit-log.ts';
import type { ClaimAnswer, ClaimTerms, ForeseenClaim, Obstacle, PlanFault } from '../../claim.ts';
import { isWaiting } from '../../run-state.ts';
import { ClaimRefusals } from './claim-refusals.ts';
import { RunDecider } from './decide-run.ts';
import { toIso } from '../transaction/ledger-time.ts';
import { LaterRuns } from './later-runs.ts';
import { lookAtProofs } from './look-at-proofs.ts';
import { mergeClaims } from '../tables/lock-table.ts';
import { ObstacleFinder } from './obstacle-finder.ts';
import { PlanSeal } from '../tables/plan-seal.ts';
import type { RowEdit } from '../transaction/row-marks.ts';
import { requesterOf, toRunRecord } from '../tables/run-row.ts';
import type { RunRow } from '../tables/run-row.ts';
import { Statement } from '../store/statement.ts';
import type { Tables } from '../tables/tables.ts';
import type { Instant, Transaction } from '../transaction/transaction.ts';
import { createInDoubt, holdsByBoth } from '../transaction/two-clocks.ts';

type Claims = Plan['resources'];

/** Moves a run from `approved` to `executing`: everything that decides is looked at in one transaction. */
export class RunClaimer {
  readonly #tables: Tables;
  readonly #obstacles: ObstacleFinder;
  readonly #later = new LaterRuns();
  readonly #seal: PlanSeal;
  readonly #decider: RunDecider;
  readonly #own: Statement<never>;
  readonly #refusals = new ClaimRefusals();

  constructor(tables: Tables) {
    this.#tables = tables;
    this.#obstacles = new ObstacleFinder(tables);
    this.#seal = new PlanSeal(tables.runs);
    this.#decider = new RunDecider(tables);
    this.#own = new Statement(
      `UPDATE run SET owner = ?, owner_kind = ?, owner_name = ?, owner_for = ?, fence = ?, started_at = ?,
         refused_claim = NULL WHERE id = ?`,
    );
  }

  async claim(transaction: Transaction, runId: string, terms: ClaimTerms): Promise<ClaimAnswer> {
    const by = terms.runner.actor;
    const { runs, transitions } = this.#tables;
    const run = await transitions.expireIfDue(transaction, await runs.get(transaction, runId), by);
    requireTime(transaction, run);
    const unready = await this.#lookAtState(transaction, run, terms);
    if (unready !== null) return unready;
    const unproven = await lookAtProofs(this.#tables, transaction, { run, terms });
    if (unproven !== null) {
      await this.#refusals.record(transaction, run, { terms, refusal: unproven });
      return unproven;
    }
    const { plan, fault } = await this.#seal.read(transaction, run);
    if (fault !== null) return this.#refuseAltered(transaction, run, { by, fault });
    const { edit } = transaction;
    if (edit !== null) return this.#refuseAltered(transaction, run, { by, fault: toFault(edit) });
    const claims = mergeClaims(plan.resources);
    const refusal =
      (await this.#lookAround(transaction, run, { terms, plan, claims })) ??
      (await this.#useUp(transaction, run, plan));
    if (refusal === null) return this.#start(transaction, run, { terms, plan, claims });
    if (refusal.outcome === 'denied') return refusal;
    await this.#refusals.record(transaction, run, { terms, refusal });
    return refusal;
  }

  /** Obstacle to a run of this plan; writes nothing. */
  async foresee(instant: Instant, asked: ForeseenClaim): Promise<Obstacle | null> {
    return this.#obstacles.foresee(instant, asked);
  }

  /** Checks the state of the run itself. */
  async #lookAtState(
    transaction: Transaction,
    run: RunRow,
    terms: ClaimTerms,
  ): Promise<ClaimAnswer | null> {
    if (run.state === 'executing' || run.state === 'verifying') {
      return { outcome: 'owned', run: toRunRecord(run) };
    }
    if (!isWaiting(run.state)) return { outcome: 'over', state: run.state, run: toRunRecord(run) };
    const { approvals } = this.#tables;
    const given = (await approvals.holding(transaction, run)).length;
    const needed = run.approvals_needed;
    if (run.state !== 'approved') {
      return { outcome: 'not_approved', given, needed, run: toRunRecord(run) };
    }
    // Without their proofs they have not lapsed: looking at the proofs says what is wrong.
    const unproven = (await approvals.unproven(transaction, run)).length;
    if (given + unproven >= needed) return null;
    if (given + unproven + (await approvals.inDoubt(transaction, run)) >= needed) {
      throw createInDoubt(transaction, `The consents to run ${run.id} are not used`, {
        runId: run.id,
      });
    }
    const reason = `only ${given} of ${needed} approvals still hold`;
    const step = { to: 'expired', by: terms.runner.actor, reason } as const;
    const moved = await this.#tables.transitions.move(transaction, run, step);
    return { outcome: 'over', state: moved.state, run: toRunRecord(moved) };
  }

  /** Checks mode, policy, limits, locks and standing effects. */
  async #lookAround(
    transaction: Transaction,
    run: RunRow,
    look: { terms: ClaimTerms; plan: Plan; claims: Claims },
  ): Promise<ClaimAnswer | null> {
    const { terms, plan, claims } = look;
    const stopped = await this.#tables.mode.stopped(transaction, run);
    if (stopped !== null) return stopped;
    const { policyVersion: now } = terms.decision;
    if (run.policy_version !== now) {
      return { outcome: 'policy_changed', decided: run.policy_version ?? '', now };
    }
    const stricter = await this.#decideAgain(transaction, run, terms);
    if (stricter !== null) return stricter;
    const limits = terms.limits ?? {};
    return (
      (await this.#obstacles.find(transaction, run, { limits, plan, claims })) ??
      this.#lookBack(transaction, run, { since: terms.checkedAfter, claims })
    );
  }

  /** Looks for a run that began and let go of the resources while the plan was checked. */
  async #lookBack(
    transaction: Transaction,
    run: RunRow,
    { since, claims }: { since: AuditPosition | undefined; claims: Claims },
  ): Promise<ClaimAnswer | null> {
    if (since === undefined) return null;
    const row = await this.#later.overtaking(transaction, run, { since, claims });
    return row === null ? null : { outcome: 'overtaken', by: toRunRecord(row) };
  }

  /** Before it counts as begun in the ledger, in which an older copy could be put back. */
  async #useUp(transaction: Transaction, run: RunRow, plan: Plan): Promise<ClaimAnswer | null> {
    const { approvals, proofs } = this.#tables;
    const isConsented = (await approvals.holding(transaction, run)).length > 0;
    const why = proofs.markClaimed(run, { durable: isConsented || plan.standingEffect !== null });
    return why === null ? null : { outcome: 'unproven', why: [why], isBlind: false };
  }

  /** Policy by the time of now: what it asks for beyond the consent that holds. */
  async #decideAgain(
    transaction: Transaction,
    run: RunRow,
    terms: ClaimTerms,
  ): Promise<ClaimAnswer | null> {
    const { decision, runner, decideWithinMs: waitMs = 0 } = terms;
    if (decision.kind === 'allow') return null;
    const needed = neededBy(decision);
    const given = (await this.#tables.approvals.holding(transaction, run))
      .filter(({ policyVersion }) => policyVersion === decision.policyVersion)
      .filter(({ approver }) => isConsent(decision, approver, run)).length;
    if (decision.kind === 'needs_approval' && given >= needed) return null;
    const made = { decision, by: runner.actor, waitMs };
    const moved = toRunRecord(await this.#decider.tighten(transaction, run, made));
    return decision.kind === 'deny'
      ? { outcome: 'denied', run: moved }
      : { outcome: 'not_approved', given, needed, run: moved };
  }

  async #refuseAltered(
    transaction: Transaction,
    run: RunRow,
    found: { by: Actor; fault: PlanFault },
  ): Promise<ClaimAnswer> {
    const { by, fault } = found;
    const reason = `It is not carried out: ${fault.message}.`;
    const step = { to: 'refused', by, reason, detail: { altered: { ...fault } } } as const;
    const moved = await this.#tables.transitions.move(transaction, run, step);
    return { outcome: 'altered', run: toRunRecord(moved), fault };
  }

  async #start(
    transaction: Transaction,
    run: RunRow,
    start: { terms: ClaimTerms; plan: Plan; claims: Claims },
  ): Promise<ClaimAnswer> {
    const { terms, plan, claims } = start;
    const { approvals, leases, locks, runners, runs, transitions } = this.#tables;
    const { runner } = terms;
    const fence = await transaction.nextFence(run);
    await runners.beat(transaction, runner);
    await approvals.consume(transaction, run);
    const owner = [runner.id, ...toActorColumns(runner.actor)] as const;
    await this.#own.run(transaction, ...owner, fence, transaction.now, run.id);
    const resources = claims.map(({ resource, mode }) => ({ resource, mode }));
    const details = { runner: runner.id, fence, resources };
    const step = { to: 'executing', by: runner.actor } as const;
    await transitions.move(transaction, run, { ...step, detail: details });
    await locks.take(transaction, run, claims);
    if (plan.standingEffect !== null) await leases.plan(transaction, run, plan.standingEffect);
    return {
      outcome: 'claimed',
      fence,
      run: toRunRecord(await runs.get(transaction, run.id)),
      plan,
    };
  }
}

/** Nothing is begun whose time is over, or has not come, by one of the clocks. Throws `CLOCK_IN_DOUBT`. */
function requireTime(instant: Instant, run: RunRow): void {
  const { state, created_at: from, expires_at: until, id: runId } = run;
  if (!isWaiting(state) || holdsByBoth(instant, { from, until })) return;
  const what = `Run ${runId}, which may start until ${toIso(until)}, is not started`;
  throw createInDoubt(instant, what, { runId });
}

function isConsent({ approval }: Decision, approver: Actor, run: RunRow): boolean {
  // Where it was given was looked at then.
  const consent = { approver, atTerminal: true };
  return objectToConsent(approval, consent, requesterOf(run)) === null;
}

/** The rows of a run that were edited, as a difference. */
function toFault({ entry, expected, found }: RowEdit): PlanFault {
  const message = `its rows differ from their mark in entry ${entry} of the audit`;
  return { message, recorded: expected, actual: found };
}
