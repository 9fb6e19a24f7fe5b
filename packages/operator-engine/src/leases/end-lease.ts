import type { LeaseEnd } from './lease-end.ts';
import type { EndOptions } from './lease-end.ts';
import { OperatorError } from 'operator-core';
import { createEngineError } from '../errors/engine-error.ts';
import type { GateContext } from '../subject/gate-context.ts';
import { inverseOf } from '../planning/captures.ts';
import { planAction } from '../planning/plan-action.ts';
import { resolveCall } from '../planning/resolve-call.ts';
import type { RunResult } from '../events/run-result.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { RunDetails } from '../ledger/run-record.ts';
import { carryOutPlan, executeRun, recoverRun } from '../runs/execute-run.ts';
import { runToEnd } from '../events/run-to-end.ts';
import { trustRun } from '../planning/sealed-plan.ts';
import { recoverOriginal } from './recover-original.ts';
import { decideOrigin } from '../runs/recover/decide-origin.ts';
import {
  createNotBegun,
  createNotOurs,
  createNotYet,
  createUnproven,
  notEnded,
} from './lease-end-errors.ts';
import { findExcess } from '../planning/find-excess.ts';
import { judgeGone } from '../runs/recover/judge-gone.ts';
import { isOwned, isWaiting } from '../ledger/run-state.ts';
import type { RunnerSession } from '../ledger/runner-session.ts';

/**
 * Removes a standing effect by its inverse, through the same gate; an effect that another user has removed is
 * reported. Throws `STOPPED`, `MODE_FORBIDS`, `NEEDS_APPROVAL`, `RESOURCE_HELD`, `LEASE_NOT_ENDED` and, when
 * only rows claim that it is Operator's, `IDENTITY_NOT_PROVEN`.
 */
export async function endLease(
  context: GateContext,
  runId: string,
  options: EndOptions,
): Promise<LeaseEnd> {
  const { services } = context;
  const ledger = await services.openLedger();
  const settled = await recoverOriginal({ context, ledger, runId }, options);
  if (settled !== null) return settled;
  const session = services.sessions.open(ledger, services.actor());
  try {
    const { reason } = options;
    const origin = decideOrigin(services.policy(), await ledger.runs.get(runId));
    const answer = await ledger.leases.beginEnd(runId, { runner: session.runner, reason, origin });
    const { lease } = answer;
    switch (answer.outcome) {
      case 'begun':
        return await removeEffect({ context, ledger, runId, session }, options);
      case 'closed':
        return { outcome: 'already_closed', lease, run: null, summary: `It is ${lease.state}.` };
      case 'owned':
        return { outcome: 'owned', lease, run: null, summary: 'Another runner is ending it.' };
      case 'unproven':
        throw createNotOurs(lease, answer.why);
      case 'stopped':
        throw createNotBegun(lease, answer.stop);
    }
  } finally {
    // The next runner continues an end that has started and is not over.
    await session.leave();
  }
}

interface EndContext {
  readonly context: GateContext;
  readonly ledger: Ledger;
  readonly runId: string;
  readonly session: RunnerSession;
}

async function removeEffect(ending: EndContext, options: EndOptions): Promise<LeaseEnd> {
  const { context, ledger, runId } = ending;
  const earlier = await recoverEarlier(ending);
  if (earlier !== null) return earlier;
  const original = await ledger.runs.get(runId);
  try {
    trustRun(original);
    const waiting = await resumeWaiting(ending, options);
    const run = waiting ?? (await planEnd(ending, original, options));
    if ('gone' in run) return await closeGone(ending, original, run.gone);
    if (run.state !== 'succeeded') throw run.error ?? createUnproven(run);
    const lease = await ledger.leases.get(runId);
    return { outcome: 'ended', lease, run, summary: run.summary };
  } catch (error) {
    const superseded = await supersede(ending, original, error);
    if (superseded !== null) return superseded;
    const told = notEnded(original, error, context);
    // The lease is never stuck: it can be extended and released, and its end is tried again.
    const reason = OperatorError.isInstance(told) ? told.message : 'its end failed';
    await ledger.leases
      .giveBack(runId, { runner: ending.session.runner, reason })
      .catch(() => null);
    throw told;
  }
}

/** Supersedes a lease when policy denies an end that would do more than the lease allowed. */
async function supersede(
  { context, ledger, runId }: EndContext,
  original: RunDetails,
  error: unknown,
): Promise<LeaseEnd | null> {
  if (!OperatorError.isInstance(error) || error.code !== 'POLICY_DENIED') return null;
  const { runId: denied } = error.facts;
  if (typeof denied !== 'string') return null;
  const excess = findExcess(original.plan, (await ledger.runs.get(denied)).plan);
  if (excess === null) return null;
  const summary = `It stays, and is not removed: ${excess}. ${error.message}`;
  const change = { state: 'superseded', by: context.services.actor(), reason: summary } as const;
  const lease = await ledger.leases.close(runId, change);
  return { outcome: 'superseded', lease, run: null, summary };
}

/**
 * An earlier end may have removed the effect before its process died: that must not look like another user's
 * work. `null` when there was no such end, or it removed nothing.
 */
async function recoverEarlier({ context, ledger, runId }: EndContext): Promise<LeaseEnd | null> {
  const states = ['executing', 'verifying', 'unknown'] as const;
  const runs = await ledger.runs.list({ of: runId, states });
  for (const { id } of runs.filter(({ purpose }) => purpose.kind === 'lease_end')) {
    const run = await recoverRun(context, id, {});
    const lease = await ledger.leases.get(runId);
    if (lease.state === 'ended') {
      return { outcome: 'ended', lease, run, summary: run?.summary ?? 'Another runner ended it.' };
    }
    const { state } = await ledger.runs.get(id);
    if (isOwned(state)) {
      return { outcome: 'owned', lease, run: null, summary: `Run ${id} is ending it.` };
    }
  }
  return null;
}

/** Resumes a pending lease-end run unless its plan is stale. */
async function resumeWaiting(ending: EndContext, options: EndOptions): Promise<RunResult | null> {
  const { context, ledger, runId } = ending;
  const runs = await ledger.runs.list({ of: runId });
  const waiting = runs.find(
    ({ purpose, state }) => purpose.kind === 'lease_end' && isWaiting(state),
  );
  if (waiting === undefined) return null;
  try {
    return await runToEnd(executeRun(context, waiting.id, options));
  } catch (error) {
    if (OperatorError.isInstance(error) && error.kind === 'stale') return null;
    throw error;
  }
}

async function planEnd(
  { context, runId }: EndContext,
  run: RunDetails,
  options: EndOptions,
): Promise<RunResult | { readonly gone: string }> {
  const { standingEffect } = run.plan;
  const inverse = inverseOf(run);
  if ('none' in inverse) {
    throw createEngineError('UNDO_REFUSED', {
      message: `${standingEffect?.name ?? 'The effect'} has no inverse: ${inverse.none}`,
      remedy: 'Remove it by hand.',
    });
  }
  const call = await resolveCall(context, inverse, options.signal);
  const planned = await planAction(context, call, options);
  if (planned.kind === 'nothing_to_do') return { gone: planned.summary };
  if (planned.kind === 'refused') {
    const { refusal } = planned;
    throw new OperatorError({ ...refusal, kind: 'refused' });
  }
  return carryOutPlan(context, planned.plan, {
    requester: context.services.actor(),
    purpose: { kind: 'lease_end', of: runId },
    ...options,
  });
}

/** `original`: its run, read before the effect was verified. */
async function closeGone(
  { context, ledger, runId }: EndContext,
  original: RunDetails,
  seen: string,
): Promise<LeaseEnd> {
  // The effect may still come: a lease closed now would never be ended.
  if (isOwned(original.state)) throw createNotYet(original, seen);
  const { state, reason } = await judgeGone(ledger, original, seen);
  const by = context.services.actor();
  const lease = await ledger.leases.close(runId, { state, by, reason });
  return { outcome: state, lease, run: null, summary: reason };
}
