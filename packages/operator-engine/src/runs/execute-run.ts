import { OperatorError } from 'operator-core';
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
import { toRunEvent, toRunEvents } from './run-events.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { toRecord } from '../ledger/run-record.ts';
import type { RunDetails } from '../ledger/run-record.ts';
import { carryOut } from './execute/carry-out.ts';
import { claimRun } from './claim-run.ts';
import { followRun } from './others/follow-run.ts';
import { Journal } from './execute/journal.ts';
import { requireSameVerdict } from './request/decide-again.ts';
import { decidePlanned } from './request/request-run.ts';
import { createNeedsApproval, withRun } from './execute/run-errors.ts';
import { findAlteration } from '../planning/sealed-plan.ts';
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

/**
 * Carries a run out, or follows it where another process does. It throws only while the run has sent
 * nothing; then it always comes to a result, which is also the last event.
 */
export async function* executeRun(
  context: GateContext,
  runId: string,
  options: RunOptions,
): AsyncGenerator<RunEvent, RunResult> {
  const run = { id: runId, clock: context.services.clock };
  const result = yield* toRunEvents(run, withRunId(runId, attempt(context, runId, options)));
  if (isOver(result.state)) context.planSecrets.forget(result.plan.digest);
  yield toRunEvent(run, { kind: 'finished', result });
  return result;
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
  options: RunOptions,
): Steps<RunResult> {
  const ledger = await context.services.openLedger();
  const run = await ledger.runs.get(runId);
  checkSubject(run, context);
  const { state } = run.state === 'planned' ? await decidePlanned(context, ledger, run) : run;
  if (state === 'awaiting_approval') return yield* waitForApproval(ledger, runId);
  if (!isWaiting(state)) return yield* followRun(context, runId, { ...options, isOwn: true });
  const altered = findAlteration(run);
  if (altered !== null) await refuse({ context, ledger, run }, altered);
  const call = altered === null ? await callOf(context, run, options.signal) : null;
  if (call === null) return yield* followRun(context, runId, { ...options, isOwn: true });
  const asked = { context, ledger, run, call, ...options };
  context.planSecrets.remember(run.plan.digest, call.secrets);
  const checked: Checked = { requests: null };
  const claimed = yield* claimRun(asked, () => recheckRun(asked, call, checked));
  if (claimed === null || checked.requests === null)
    return yield* followRun(context, runId, { ...options, isOwn: true });
  const { session, fence, plan } = claimed;
  const { requests } = plan;
  const journal = new Journal(ledger, { id: runId, fence, state: 'executing', requests });
  const { wait = true, signal } = options;
  const { condition } = run;
  const owned = { context, ledger, plan, call, journal, session, condition, wait, signal };
  return yield* carryOut(owned, checked.requests);
}

/** The requests as the last check has them; `null` before the first. */
interface Checked {
  requests: TargetedRequests | null;
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

interface Asked extends RunOptions {
  readonly context: GateContext;
  readonly ledger: Ledger;
  readonly run: RunDetails;
}

/** The plan is made again, immediately before: anything that has changed ends the run. */
async function* recheckRun(asked: Asked, call: ActionCall, checked: Checked): Steps<boolean> {
  const { context, run, signal } = asked;
  const { plan } = run;
  let moved: readonly MovedFact[];
  try {
    const { system, outcome } = await draftAction(context, call, signal);
    checkSystem(plan, system);
    const draft = recheck(plan, outcome, call.definition.riskLevel);
    requireSameVerdict(context, run, { draft, call });
    checked.requests = draft.requests;
    moved = movedFacts(plan.evidence.bound, draft.evidence.bound);
  } catch (error) {
    return refuse(asked, error);
  }
  yield { kind: 'rechecked', bound: plan.evidence.bound, moved };
  return true;
}

/** Errors after which the same plan can never be right again. */
const FINAL_CODES: readonly string[] = [
  'PLAN_STALE',
  'PLAN_FOR_OTHER_SYSTEM',
  'PLAN_DIGEST_MISMATCH',
  'ACTION_NOT_FOUND',
  'PARAMETERS_INVALID',
];

async function callOf(
  context: GateContext,
  run: RunDetails,
  signal: AbortSignal | undefined,
): Promise<ActionCall | null> {
  try {
    return await resolveCall(context, run.plan, signal);
  } catch (error) {
    const ledger = await context.services.openLedger();
    await refuse({ context, ledger, run, signal }, error);
    return null;
  }
}

/** `false` when another process was quicker, so that what was met here is its work. Throws otherwise. */
async function refuse({ context, ledger, run }: Asked, error: unknown): Promise<false> {
  if (!OperatorError.isInstance(error) || !FINAL_CODES.includes(error.code)) throw error;
  const told = withRun(error, run.id);
  const refused = { by: context.services.actor(), reason: told.message };
  try {
    await ledger.runs.refuse(run.id, { ...refused, detail: toStoredOutcome({ error: told }) });
  } catch (conflict) {
    if (OperatorError.isInstance(conflict) && conflict.code === 'RUN_STATE_CONFLICT') return false;
    throw conflict;
  }
  throw told;
}
