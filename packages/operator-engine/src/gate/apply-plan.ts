import { createEngineError } from '../engine-error.ts';
import { createInterrupted } from '../interrupted.ts';
import type { OperatorError, Plan, SendResult } from 'operator-core';
import { checkSystem } from './check-plan.ts';
import { concludeSending, sendingFacts } from './conclude-sending.ts';
import type { Conclusion } from './conclude-sending.ts';
import { concludeWatching } from './conclude-watching.ts';
import { draftAction } from './draft-action.ts';
import { executeOwn } from './execute-own.ts';
import type { ActionCall, GateContext } from './gate-context.ts';
import { createLooker } from './look.ts';
import { recheck } from './recheck.ts';
import { RequestSender } from './request-sender.ts';
import type { EventContent, RunEvent } from './run-event.ts';
import { createRunId } from './run-id.ts';
import type { RunResult } from './run-result.ts';
import { sendInOrder } from './send-requests.ts';
import type { Sending } from './send-requests.ts';
import { watchEffect } from './watch-effect.ts';
import type { Watched } from './watch-effect.ts';
import { isAborted } from '../is-aborted.ts';

/** One run of one plan that `checkPlan` has let pass. */
export interface Run {
  readonly context: GateContext;
  readonly plan: Plan;
  readonly call: ActionCall;
  readonly wait: boolean;
  readonly signal: AbortSignal | undefined;
}

/** What a run has come to so far. */
interface Sent {
  readonly results: readonly (SendResult | null)[];
  readonly violation: OperatorError | null;
  /** Milliseconds since the epoch, and by `performance.now()`. */
  readonly at: number;
  readonly startedAt: number;
}

/**
 * Re-checks, sends, verifies and settles. It throws only while nothing has been sent; from then on it
 * comes to a {@link RunResult}, whatever happens.
 */
export async function* applyPlan(run: Run): AsyncGenerator<RunEvent, RunResult> {
  const runId = createRunId();
  const stamp = createStamp(runId);
  checkConsent(run);
  await recheckPlan(run);
  yield stamp({ kind: 'rechecked', bound: run.plan.evidence.bound });
  const sent = yield* stamped(stamp, send(run, runId));
  const result = yield* stamped(stamp, finish(run, runId, sent));
  yield stamp({ kind: 'finished', result });
  return result;
}

function checkConsent({ plan, call }: Run): void {
  if (!plan.requiresApproval && !call.definition.requiresApproval) return;
  throw createEngineError('NEEDS_APPROVAL', {
    message: `The action ${plan.action} needs the consent of a person, and nothing here can give it.`,
    remedy: 'Let the action be carried out by somebody who may, in another way.',
    facts: { action: plan.action, digest: plan.digest },
  });
}

async function recheckPlan({ plan, call, context, signal }: Run): Promise<void> {
  const { system, outcome } = await draftAction(context, call, signal);
  checkSystem(plan, system);
  recheck(plan, outcome, call.definition.riskLevel);
}

async function* send(run: Run, runId: string): AsyncGenerator<EventContent<RunEvent>, Sent> {
  const { context, plan, call, signal } = run;
  const { limits } = context;
  const connection = await context.connect(signal);
  const sender = new RequestSender(connection, { limits, runId, signal });
  const at = Date.now();
  const startedAt = performance.now();
  const { action } = call;
  const limitMs = limits.sendMs * (plan.requests.length + 1);
  const sending: Sending =
    action.execute === undefined
      ? sendInOrder(plan, sender, signal)
      : executeOwn(action, plan, { sender, limitMs, signal });
  const results = yield* sending;
  if (isAborted(signal) && results.every((result) => result === null)) {
    throw createInterrupted(`applying the plan for ${plan.action}`);
  }
  return { results, violation: sender.violation, at, startedAt };
}

async function* finish(
  run: Run,
  runId: string,
  sent: Sent,
): AsyncGenerator<EventContent<RunEvent>, RunResult> {
  const { plan, wait, signal } = run;
  const isInterrupted = isAborted(signal);
  const { results, violation } = sent;
  const early = concludeSending(plan, results, { wait, isInterrupted, violation });
  if (early !== null) return createResult({ run, runId, sent, conclusion: early, watched: null });
  const watched = yield* watch(run, sent);
  const conclusion = concludeWatching(watched, {
    action: plan.action,
    answerLost: isAnswerLost(sent),
    facts: sendingFacts(plan, results),
  });
  return createResult({ run, runId, sent, conclusion, watched });
}

async function* watch(run: Run, sent: Sent): AsyncGenerator<EventContent<RunEvent>, Watched> {
  const { context, plan, call, signal } = run;
  const connection = await context.connect(undefined);
  const look = createLooker(context, call, { connection, plan, sentAt: sent.at, signal });
  return yield* watchEffect(look, {
    startedAt: sent.startedAt,
    firstLookMs: context.limits.firstLookMs,
    deadlineMs: plan.deadlineMs,
    settleMs: plan.settleMs,
    answerLost: isAnswerLost(sent),
    limits: context.limits,
    signal,
  });
}

function createResult(made: {
  run: Run;
  runId: string;
  sent: Sent;
  conclusion: Conclusion;
  watched: Watched | null;
}): RunResult {
  const { run, runId, sent, conclusion, watched } = made;
  const { state, summary, error, refusal = null } = conclusion;
  return {
    runId,
    state,
    summary,
    plan: run.plan,
    requests: run.plan.requests.map((request, index) => ({
      request,
      result: sent.results[index] ?? null,
    })),
    answerLost: isAnswerLost(sent),
    verification: watched?.verification ?? null,
    refusal,
    sentAt: new Date(sent.at).toISOString(),
    endedAt: new Date().toISOString(),
    elapsedMs: Math.round(performance.now() - sent.startedAt),
    error,
  };
}

function isAnswerLost({ results }: Sent): boolean {
  return results.some((result) => result?.outcome === 'unknown');
}

type Stamp = (content: EventContent<RunEvent>) => RunEvent;

function createStamp(runId: string): Stamp {
  return (content) => ({ runId, at: new Date().toISOString(), ...content });
}

async function* stamped<Result>(
  stamp: Stamp,
  events: AsyncGenerator<EventContent<RunEvent>, Result>,
): AsyncGenerator<RunEvent, Result> {
  try {
    for (;;) {
      const next = await events.next();
      if (next.done === true) return next.value;
      yield stamp(next.value);
    }
  } finally {
    // A caller that stops asking ends the steps too. Ended ones take no notice.
    await events.return(undefined as Result);
  }
}
