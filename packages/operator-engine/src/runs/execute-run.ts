import { OperatorError } from 'operator-core';
import type { Plan } from 'operator-core';
import { createEngineError } from '../errors/engine-error.ts';
import { checkSystem } from '../planning/check-plan.ts';
import { draftAction } from '../planning/draft-action.ts';
import type { ActionCall, GateContext } from '../subject/gate-context.ts';
import { movedFacts } from '../planning/compare-facts.ts';
import { recheck } from '../planning/recheck.ts';
import type { TargetedRequests } from '../planning/targeted-draft.ts';
import { resolveCall } from '../planning/resolve-call.ts';
import type { MovedFact, RunEvent, Steps } from '../events/run-event.ts';
import type { RunResult } from '../events/run-result.ts';
import { toRunEvent, toRunEvents } from '../events/run-event.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { toRecord } from '../ledger/run-record.ts';
import type { RunDetails } from '../ledger/run-record.ts';
import { carryOut } from './execute/carry-out.ts';
import { claimRun } from './claim-run.ts';
import type { CheckedPlan } from './execute/checked-plan.ts';
import { follow } from './recover/follow-run.ts';
import type { FollowOptions } from './recover/follow-run.ts';
import { takeOver } from './recover/take-over.ts';
import type { RecoverOptions } from './recover/take-over.ts';
import { Journal } from './execute/journal.ts';
import { requireSameVerdict } from './submit/decide-again.ts';
import { decidePlanned, submitRun } from './submit/submit-run.ts';
import type { EngineRunOptions } from './execute/cancel-effect.ts';
import { runToEnd } from '../events/run-to-end.ts';
import { createNeedsApproval, withRun } from './execute/run-errors.ts';
import { trustRun } from '../planning/sealed-plan.ts';
import type { TrustedRun } from '../planning/sealed-plan.ts';
import { freshReading, isTrusted } from '../planning/trusted-plan.ts';
import type { TrustedPlan } from '../planning/trusted-plan.ts';
import { toStoredOutcome } from './execute/stored-outcome.ts';
import { isOver, isWaiting } from '../ledger/run-state.ts';

/** Options for carrying out a run. */
export interface RunOptions {
  readonly signal?: AbortSignal | undefined;
  /** Follow the effect until it is proven. Default: true. */
  readonly wait?: boolean | undefined;
  /** Time to wait while other runs hold its resources, in milliseconds. Default: 0. */
  readonly patienceMs?: number | undefined;
}

/** Options for carrying out a run, with its plan where the caller has it. */
export interface ExecuteOptions extends RunOptions {
  readonly plan?: Plan | undefined;
}

/**
 * Carries a run out, or follows it where another process does. It throws only while the run has sent nothing;
 * after that it always has a result, which is also the last event.
 */
export async function* executeRun(
  context: GateContext,
  runId: string,
  options: ExecuteOptions,
): AsyncGenerator<RunEvent, RunResult> {
  const run = { id: runId, clock: context.services.clock };
  const result = yield* toRunEvents(run, withRunId(runId, attempt(context, runId, options)));
  if (isOver(result.state)) context.planSecrets.forget(result.plan.digest);
  yield toRunEvent(run, { kind: 'finished', result });
  return result;
}

/** Settles a run whose owner is dead. `null` when it needs no recovery: it is over, or its owner lives. */
export async function recoverRun(
  context: GateContext,
  runId: string,
  options: RecoverOptions,
): Promise<RunResult | null> {
  const ledger = await context.services.openLedger();
  return runToEnd(takeOver(context, { ledger, runId }, { ...options, carryOutPlan }));
}

/** Follows a run to its end. Takes the run over when its owner dies. Never starts a run. */
export function followRun(
  context: GateContext,
  runId: string,
  options: FollowOptions,
): Steps<RunResult> {
  return follow(context, runId, { ...options, carryOutPlan });
}

/** Submits a plan of the engine itself to the gate and carries it out to its end, without a listener. */
export async function carryOutPlan(
  context: GateContext,
  plan: TrustedPlan,
  request: EngineRunOptions,
): Promise<RunResult> {
  const { run } = await submitRun(context, plan, request);
  return runToEnd(executeRun(context, run.id, { ...request, plan }));
}

async function* withRunId<Result>(runId: string, steps: Steps<Result>): Steps<Result> {
  try {
    return yield* steps;
  } catch (error) {
    throw OperatorError.isInstance(error) ? withRun(error, runId) : error;
  }
}

async function* attempt(
  context: GateContext,
  runId: string,
  options: ExecuteOptions,
): Steps<RunResult> {
  const ledger = await context.services.openLedger();
  const found = await ledger.runs.get(runId);
  checkSubject(found, context);
  const { state } = found.state === 'planned' ? await decidePlanned(context, ledger, found) : found;
  if (state === 'awaiting_approval') return yield* waitForApproval(ledger, runId);
  const join = (): Steps<RunResult> => followRun(context, runId, { ...options, isOwn: true });
  if (!isWaiting(state)) return yield* join();
  const prepared = await prepare({ context, ledger, run: found, ...options });
  if (prepared === null) return yield* join();
  const { run, call } = prepared;
  const asked = { context, ledger, run, call, ...options };
  const check = (isFirst: boolean): Steps<CheckedPlan | null> => checkRun(asked, isFirst);
  const claimed = yield* claimRun(asked, { check, recover: recoverRun });
  if (claimed === null) return yield* join();
  const { session, fence } = claimed;
  const { plan, condition } = run;
  const { requests } = plan;
  const journal = new Journal(ledger, { id: runId, fence, state: 'executing', requests });
  const { wait = true, signal } = options;
  const owned = { context, ledger, plan, call, journal, session, condition, wait, signal };
  return yield* carryOut(owned, claimed, carryOutPlan);
}

function checkSubject(run: RunDetails, { subjectName }: GateContext): void {
  if (run.subject === subjectName) return;
  throw createEngineError('PLAN_FOR_OTHER_SYSTEM', {
    message: `Run ${run.id} is about the subject ${run.subject}, and was given to ${subjectName}.`,
    remedy: `Choose the subject ${run.subject}.`,
    facts: { runId: run.id, plan: run.subject, here: subjectName },
  });
}

async function* waitForApproval(ledger: Ledger, runId: string): Steps<never> {
  const run = await ledger.runs.get(runId);
  const pending = await ledger.approvals.pending();
  const progress = pending.find((one) => one.run.id === runId);
  const needed = progress?.needed ?? run.decision?.approval?.count ?? 1;
  const given = progress?.given ?? [];
  yield { kind: 'waiting_for_approval', run: toRecord(run), needed, given };
  throw createNeedsApproval(run, { given: given.length, needed });
}

interface Attempt extends ExecuteOptions {
  readonly context: GateContext;
  readonly ledger: Ledger;
  readonly run: RunDetails;
}

interface Prepared {
  readonly run: TrustedRun;
  readonly call: ActionCall;
}

/** The run with a trusted plan, and its call; `null` when another process was quicker to refuse it. */
async function prepare(asked: Attempt): Promise<Prepared | null> {
  const { context, signal } = asked;
  try {
    const run = trusted(asked);
    const call = await resolveCall(context, run.plan, signal);
    context.planSecrets.remember(run.digest, call.secrets);
    return { run, call };
  } catch (error) {
    return refuse(asked, error);
  }
}

/** Checks the caller's own plan. In the claim, the ledger compares its copy with the digest. */
function trusted({ run, plan }: Attempt): TrustedRun {
  const isKnown = plan !== undefined && isTrusted(plan) && plan.digest === run.digest;
  return isKnown ? { ...run, plan } : trustRun(run);
}

/** Sends a plan without a second reading when this process has just made it and policy alone allowed the run. */
async function* checkRun(asked: Attempt & Prepared, isFirst: boolean): Steps<CheckedPlan | null> {
  const { context, run } = asked;
  const { plan, decision } = run;
  const isAllowed = isFirst && decision?.kind === 'allow';
  const reading = isAllowed ? freshReading(plan, context.limits.freshReadingMs) : null;
  if (reading === null) return yield* recheckRun(asked);
  yield { kind: 'rechecked', reading: 'of_the_plan', bound: plan.evidence.bound, moved: [] };
  return { requests: plan.requests, readAt: reading.startedAt, after: reading.after };
}

/** The plan is made again immediately before sending; any change ends the run. */
async function* recheckRun(asked: Attempt & Prepared): Steps<CheckedPlan | null> {
  const { context, ledger, run, call, signal } = asked;
  const { plan } = run;
  const after = await ledger.runs.lastEntries();
  let requests: TargetedRequests;
  let moved: readonly MovedFact[];
  try {
    const { system, outcome } = await draftAction(context, call, signal);
    checkSystem(plan, system);
    const draft = recheck(plan, outcome, call.definition.riskLevel);
    requireSameVerdict(context, run, { draft, call });
    ({ requests } = draft);
    moved = movedFacts(plan.evidence.bound, draft.evidence.bound);
  } catch (error) {
    return refuse(asked, error);
  }
  // A read may have waited for an election: the time counts from the end of all.
  const readAt = performance.now();
  yield { kind: 'rechecked', reading: 'again', bound: plan.evidence.bound, moved };
  return { requests, readAt, after };
}

/** Errors after which the same plan can never become valid again. */
const FINAL_CODES: readonly string[] = [
  'PLAN_STALE',
  'PLAN_FOR_OTHER_SYSTEM',
  'PLAN_DIGEST_MISMATCH',
  'ACTION_NOT_FOUND',
  'PARAMETERS_INVALID',
];

/**
 * `null` when another process was quicker, so that the error met here is the effect of its work. Throws
 * otherwise.
 */
async function refuse({ context, ledger, run }: Attempt, error: unknown): Promise<null> {
  if (!OperatorError.isInstance(error) || !FINAL_CODES.includes(error.code)) throw error;
  const told = withRun(error, run.id);
  const refused = { by: context.services.actor(), reason: told.message };
  try {
    await ledger.runs.refuse(run.id, { ...refused, detail: toStoredOutcome({ error: told }) });
  } catch (conflict) {
    if (OperatorError.isInstance(conflict) && conflict.code === 'RUN_STATE_CONFLICT') return null;
    throw conflict;
  }
  throw told;
}
