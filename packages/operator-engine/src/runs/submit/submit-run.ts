import type { Plan } from 'operator-core';
import type { RunCondition } from '../../ledger/run-condition.ts';
import { readCondition } from '../../conditions/read-condition.ts';
import { resolveCondition } from '../../conditions/resolve-condition.ts';
import { createEngineError } from '../../errors/engine-error.ts';
import { checkPlan, checkSystem } from '../../planning/check-plan.ts';
import { documentOf } from '../../planning/trusted-plan.ts';
import { identifySystem } from '../../planning/draft-action.ts';
import type { GateContext } from '../../subject/gate-context.ts';
import { resolveCall } from '../../planning/resolve-call.ts';
import type { Actor } from '../../ledger/actor.ts';
import type { Decision } from '../../ledger/approval.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { toRecord } from '../../ledger/run-record.ts';
import type { RunDetails, RunPurpose, RunRecord } from '../../ledger/run-record.ts';
import { maskParameters } from '../../secrets/secret-values.ts';
import type { SecretValues } from '../../secrets/secret-values.ts';
import { findExcess } from '../../planning/find-excess.ts';
import { decideIn } from './decide-in.ts';
import type { Proposal } from './decide-in.ts';
import { findPurpose, requireTruePurpose } from './find-purpose.ts';
import { planAgain } from './plan-again.ts';
import { identityOf, requireSameCall } from './same-call.ts';
import type { Until } from './same-call.ts';
import { checkNotExpired } from '../../planning/plan-document.ts';

/** Options for submitting a plan as a run. */
export interface SubmitOptions {
  /** The caller's own name for this call: a repeated call finds the run of the first. */
  readonly idempotencyKey?: string | undefined;
  /** Milliseconds from the start of a standing effect until it is removed. Default: it stays until it is ended. */
  readonly leaseMs?: number | undefined;
  /**
   * Default: a cancel, when the plan cancels the run under way on the same resources; an undo, when the
   * plan is the inverse of the last run; else a change.
   */
  readonly purpose?: RunPurpose | undefined;
  /** Secret parameters of the plan, which its document does not hold. Default: those from planning in this process. */
  readonly secrets?: SecretValues | undefined;
  /** Default: none. */
  readonly until?: Until | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A run in the ledger after it was submitted. */
export interface SubmitResult {
  /** `false`: the same plan document, or the same idempotency key, had this run already. */
  readonly created: boolean;
  readonly run: RunRecord;
  /** Decision of the policy; `null` when the run was over before it. */
  readonly decision: Decision | null;
}

/** Lets policy decide about a plan, then writes down the run and the decision. Sends nothing. */
export async function submitRun(
  context: GateContext,
  given: Plan,
  options: SubmitOptions & { readonly requester?: Actor },
): Promise<SubmitResult> {
  const { services } = context;
  const { idempotencyKey, leaseMs, signal, secrets = {}, until } = options;
  const document = checkPlan(given, context);
  context.planSecrets.remember(document.digest, secrets);
  // Opened first: from then on the clock goes by it.
  const ledger = await services.openLedger();
  checkNotExpired(document, services.clock);
  const call = await resolveCall(context, document, signal);
  const requester = options.requester ?? services.actor();
  const known = { document: documentOf(document), requester, idempotencyKey };
  const earlier = await ledger.runs.find(known);
  if (earlier !== null) {
    context.planSecrets.remember(earlier.digest, call.secrets);
    return joinRun({ context, ledger, run: earlier }, document, options);
  }
  const plan = await planAgain(context, document, { signal });
  if (leaseMs !== undefined) checkLease(plan);
  const condition = await readUntil(context, until, signal);
  const purpose = options.purpose ?? (await findPurpose(context, { ledger, plan, call }));
  const decision = await decideNow(context, { ledger, plan, call, requester, purpose });
  // Before people are asked to consent, the plan is proven to be for this very system.
  if (decision.kind === 'needs_approval') await checkIdentity(context, plan, signal);
  const { created, run } = await ledger.runs.create({
    plan,
    document: documentOf(plan),
    requester,
    purpose,
    decision,
    expiresInMs: expiryOf(context, decision),
    ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
    ...(leaseMs === undefined ? {} : { leaseMs }),
    ...(condition === undefined ? {} : { condition }),
  });
  // Another process may have been quicker.
  if (!created) return joinRun({ context, ledger, run }, plan, options);
  return { created, run, decision: run.decision };
}

/** The condition with its reading from before the run. Throws what resolving it throws. */
async function readUntil(
  context: GateContext,
  until: Until | undefined,
  signal: AbortSignal | undefined,
): Promise<RunCondition | undefined> {
  if (until === undefined) return undefined;
  const condition = await resolveCondition(context, until.condition, signal);
  const before = await readCondition(context, condition, signal);
  return { text: condition.text, withinMs: until.withinMs, before, after: null };
}

/** The run that the same document, or the same key, has already. */
async function joinRun(
  found: { context: GateContext; ledger: Ledger; run: RunRecord },
  plan: Plan,
  { purpose, leaseMs, until }: SubmitOptions,
): Promise<SubmitResult> {
  const { context, ledger } = found;
  const first = await ledger.runs.get(found.run.id);
  requireSameCall(first, { ...identityOf(plan), purpose, leaseMs, until });
  const run =
    first.state === 'planned' ? await decidePlanned(context, ledger, first) : toRecord(first);
  return { created: false, run, decision: run.decision };
}

/** Decides about a run whose requester died before policy had decided. */
export async function decidePlanned(
  context: GateContext,
  ledger: Ledger,
  run: RunDetails,
): Promise<RunRecord> {
  const { plan, requester, purpose } = run;
  const call = await resolveCall(context, plan, undefined);
  const decision = await decideNow(context, { ledger, plan, call, requester, purpose });
  return (await ledger.runs.decide(run.id, decision, context.services.actor())).run;
}

async function checkIdentity(
  context: GateContext,
  plan: Plan,
  signal: AbortSignal | undefined,
): Promise<void> {
  const connection = await context.connect(signal);
  checkSystem(plan, await identifySystem(context, connection, signal));
}

function expiryOf({ limits }: GateContext, { kind }: Decision): number {
  return kind === 'needs_approval' ? limits.decideWithinMs : limits.startWithinMs;
}

function checkLease(plan: Plan): void {
  if (plan.standingEffect !== null) return;
  throw createEngineError('LEASE_NOT_POSSIBLE', {
    message: `An end was given, but ${plan.action} has no standing effect.`,
    remedy: 'Omit the end: only a standing effect has one.',
    facts: { action: plan.action },
  });
}

/**
 * The run that the same call with the same key has already; `null` when there is none, or no key. Looks
 * into the ledger only: what was asked for may be done by now, so that it could not be planned again.
 */
export async function recallRun(
  context: GateContext,
  asked: { action: string; parameters: unknown },
  options: SubmitOptions,
): Promise<RunDetails | null> {
  const { idempotencyKey, leaseMs, until, signal } = options;
  if (idempotencyKey === undefined) return null;
  const call = await resolveCall(context, asked, signal);
  const { runs } = await context.services.openLedger();
  const run = await runs.find({ requester: context.services.actor(), idempotencyKey });
  if (run === null) return null;
  const first = await runs.get(run.id);
  const parameters = maskParameters(call.parameters, call.secrets);
  const { subjectName: subject } = context;
  requireSameCall(first, { subject, action: asked.action, parameters, leaseMs, until });
  context.planSecrets.remember(first.plan.digest, call.secrets);
  return first;
}

/** A run, or a request for one, for a decision of the policy. */
export interface Question extends Proposal {
  readonly ledger: Ledger;
}

/** Asks policy about a new run, in the mode of now. Throws `UNDO_REFUSED` for a purpose that is not the plan's. */
async function decideNow(context: GateContext, question: Question): Promise<Decision> {
  await requireTruePurpose(context, question, question.purpose);
  const { mode } = await question.ledger.mode.get();
  return decideIn(context, await asWhat(question), mode);
}

/** Asks policy again when a run is claimed. The claim itself looks at the mode. */
export async function decideAbout(context: GateContext, question: Question): Promise<Decision> {
  await requireTruePurpose(context, question, question.purpose);
  return decideIn(context, await asWhat(question), 'autonomous');
}

const CHANGE: RunPurpose = { kind: 'change' };

/** The end of a lease that would do more than the lease allowed is a change, which the lease's owner asks for. */
async function asWhat(question: Question): Promise<Question> {
  const { ledger, plan, purpose } = question;
  if (purpose.kind !== 'lease_end') return question;
  const { plan: leased, requester } = await ledger.runs.get(purpose.of);
  return findExcess(leased, plan) === null ? question : { ...question, requester, purpose: CHANGE };
}
