import type { OperatorError, Plan } from 'operator-core';
import type { ActionCall, GateContext } from '../subject/gate-context.ts';
import type { GatePolicy } from '../subject/gate-policy.ts';
import type { Steps } from '../events/run-event.ts';
import { createInterrupted, pause } from '../base/signals.ts';
import type { Decision } from '../ledger/approval.ts';
import type { AuditPosition } from '../ledger/audit-log.ts';
import type { ClaimAnswer, Holder } from '../ledger/claim.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { RunRecord } from '../ledger/run-record.ts';
import { decideOrigin } from './recover/decide-origin.ts';
import { lookAtLease } from './recover/look-at-lease.ts';
import { decideAbout } from './submit/submit-run.ts';
import type { RecoverOptions } from './recover/take-over.ts';
import {
  createDenied,
  createHeld,
  createLimited,
  createNeedsApproval,
  createPolicyChanged,
  createStopped,
  createUnproven,
} from './execute/run-errors.ts';
import { createAltered } from '../planning/sealed-plan.ts';
import type { TrustedRun } from '../planning/sealed-plan.ts';
import type { CheckedPlan } from './execute/checked-plan.ts';
import { toStoredOutcome } from './execute/stored-outcome.ts';
import type { RunnerSession } from '../ledger/runner-session.ts';

/** Input of claiming a run. */
export interface ClaimInput {
  readonly context: GateContext;
  readonly ledger: Ledger;
  readonly run: TrustedRun;
  readonly call: ActionCall;
  readonly signal?: AbortSignal | undefined;
  readonly patienceMs?: number | undefined;
}

/** Steps of the caller that a claim may need. */
export interface ClaimSteps {
  /**
   * Checks the plan. `isFirst`: the run has not waited yet, so that the reading of a plan that was just made
   * may be enough. `null`: another process owns the run.
   */
  readonly check: (isFirst: boolean) => Steps<CheckedPlan | null>;
  /** Settles an abandoned run that is in the way. */
  readonly recover: (
    context: GateContext,
    runId: string,
    options: RecoverOptions,
  ) => Promise<unknown>;
}

/** The right to carry a run out. */
export interface ClaimedRun {
  /** Its row after the claim. */
  readonly run: RunRecord;
  readonly session: RunnerSession;
  readonly fence: number;
  /** The plan by the last check. */
  readonly checked: CheckedPlan;
}

/**
 * Waits for the run's turn as long as it may and claims it. Before each claim the plan is checked again,
 * because it ages while the run waits, and because another run may change the same resources during the check.
 * `null` when another process owns the run, or it is over. Throws the obstacle.
 */
export async function* claimRun(
  asked: ClaimInput,
  { check, recover }: ClaimSteps,
): Steps<ClaimedRun | null> {
  const { context, patienceMs = 0, signal } = asked;
  const endsAt = performance.now() + patienceMs;
  const looked = new Set<string>();
  for (let isFirst = true; ; isFirst = false) {
    const checked = yield* check(isFirst);
    if (checked === null) return null;
    const { answer, session } = await claim(asked, checked.after);
    if (answer.outcome === 'claimed') {
      await requireChecked(asked.run, { session, plan: answer.plan });
      const { run, fence } = answer;
      return { run, session, fence, checked };
    }
    if (answer.outcome === 'owned' || answer.outcome === 'over') return null;
    if (answer.outcome === 'overtaken') continue;
    if (answer.outcome !== 'held') throw await errorOf(asked, answer);
    if (await recoverAbandoned(asked, { holders: answer.holders, recover, looked })) continue;
    if (await closeLostLeases(asked, answer.holders, looked)) continue;
    if (performance.now() >= endsAt) throw createHeld(asked.run, answer.holders);
    yield { kind: 'held_by', holders: answer.holders };
    if (!(await pause(context.limits.followMs, signal))) {
      throw createInterrupted(`waiting for the turn of run ${asked.run.id}`);
    }
  }
}

/** The plan that the ledger has checked in the claim must be the one that was checked again before it. */
async function requireChecked(
  run: TrustedRun,
  { session, plan }: { session: RunnerSession; plan: Plan },
): Promise<void> {
  const { digest: recorded } = run.plan;
  if (plan.digest === recorded) return;
  await session.leave();
  const message = 'its plan was replaced while it was claimed';
  throw createAltered(run, { message, recorded, actual: plan.digest });
}

/** Claims the run for a runner, which is released unless the claim succeeds. */
async function claim(
  asked: ClaimInput,
  checkedAfter: AuditPosition,
): Promise<{ answer: ClaimAnswer; session: RunnerSession }> {
  const { context, ledger, run } = asked;
  const { services } = context;
  const policy = services.policy();
  const { plan, purpose } = run;
  const decision = await decideAbout(context, { ...run, ledger, call: asked.call });
  const origin = await findOrigin(asked, policy);
  const session = services.sessions.open(ledger, services.actor());
  let answer: ClaimAnswer | null = null;
  try {
    answer = await ledger.runs.claim(run.id, {
      runner: session.runner,
      decision,
      checkedAfter,
      ...(origin === null ? {} : { origin }),
      decideWithinMs: context.limits.decideWithinMs,
      limits: policy.limitsFor({ plan, purpose: purpose.kind }),
    });
    return { answer, session };
  } finally {
    if (answer?.outcome !== 'claimed') session.release();
  }
}

/** Decision of the policy about the run that this one ends or cancels; `null` when it does neither. */
async function findOrigin(
  { ledger, run: { purpose } }: ClaimInput,
  policy: GatePolicy,
): Promise<Decision | null> {
  if (purpose.kind !== 'lease_end' && purpose.kind !== 'cancel') return null;
  return decideOrigin(policy, await ledger.runs.get(purpose.of));
}

/** Reconciles abandoned runs that block this one, each once. */
async function recoverAbandoned(
  { context, ledger, signal }: ClaimInput,
  blocked: { holders: readonly Holder[]; recover: ClaimSteps['recover']; looked: Set<string> },
): Promise<boolean> {
  const { holders, recover, looked } = blocked;
  const held = new Set(holders.filter(({ by }) => by === 'run').map(({ runId }) => runId));
  const dead = (await ledger.runs.abandoned()).filter(
    ({ id, subject }) => held.has(id) && !looked.has(id) && subject === context.subjectName,
  );
  for (const { id } of dead) {
    looked.add(id);
    await recover(context, id, { signal, patienceMs: 0 });
  }
  return dead.length > 0;
}

/** Checks once for each blocking lease if its effect is still there. */
async function closeLostLeases(
  { context, ledger, signal }: ClaimInput,
  holders: readonly Holder[],
  looked: Set<string>,
): Promise<boolean> {
  const held = holders.filter(({ by, runId }) => by === 'lease' && !looked.has(`lease ${runId}`));
  for (const { runId } of held) looked.add(`lease ${runId}`);
  const leases = await Promise.all(held.map(({ runId }) => ledger.leases.get(runId)));
  const sights = await Promise.all(
    leases
      .filter(({ subject }) => subject === context.subjectName)
      .map((lease) => lookAtLease(context, lease, signal)),
  );
  return sights.some(({ seen }) => seen !== 'in_force' && seen !== 'unknown');
}

type ClaimObstacle = Exclude<
  ClaimAnswer,
  { outcome: 'claimed' | 'owned' | 'over' | 'held' | 'overtaken' }
>;

async function errorOf(asked: ClaimInput, answer: ClaimObstacle): Promise<Error> {
  const { run } = asked;
  switch (answer.outcome) {
    case 'not_approved':
      return createNeedsApproval(answer.run, answer);
    case 'denied':
      return createDenied(answer.run);
    case 'altered':
      return createAltered(answer.run, answer.fault);
    case 'limited':
      return createLimited(run, answer.reached);
    case 'stopped':
      return createStopped(answer, `Run ${run.id} was not started, and nothing was sent.`, run);
    case 'policy_changed': {
      const error = createPolicyChanged(run, { decided: answer.decided, now: answer.now });
      return refuse(asked, error);
    }
    case 'unproven': {
      const error = createUnproven(run, answer);
      return answer.isBlind ? error : refuse(asked, error);
    }
  }
}

/** Refuses a run that can never start, for the reason that is thrown. */
async function refuse({ context, ledger, run }: ClaimInput, error: OperatorError): Promise<Error> {
  const refused = { by: context.services.actor(), reason: error.message };
  await ledger.runs.refuse(run.id, { ...refused, detail: toStoredOutcome({ error }) });
  return error;
}
