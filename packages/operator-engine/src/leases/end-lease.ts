import { OperatorError } from 'operator-core';
import { createEngineError } from '../engine-error.ts';
import type { GateContext } from '../gate/gate-context.ts';
import { planAction } from '../gate/plan-action.ts';
import { resolveCall } from '../gate/resolve-call.ts';
import type { RunResult } from '../gate/run-result.ts';
import type { Lease } from '../ledger/lease.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { RunDetails } from '../ledger/run-record.ts';
import { recoverRun } from '../runs/recover-run.ts';
import { createStopped } from '../runs/run-errors.ts';
import { drainRun } from '../runs/drain-run.ts';
import { runRun } from '../runs/run-run.ts';
import { requireIntact } from '../runs/sealed-plan.ts';
import { isOwned, isWaiting } from '../ledger/run-state.ts';
import type { Seat } from '../ledger/seats.ts';

/** How the end of a lease came about. */
export interface LeaseEnd {
  /** `lost`: somebody else had removed the effect. */
  readonly outcome: 'ended' | 'lost' | 'already_closed' | 'owned';
  readonly lease: Lease;
  /** The run that removed the effect, or `null` where none was needed. */
  readonly run: RunResult | null;
  /** One sentence. */
  readonly summary: string;
}

/** Why and until when a lease is ended. */
export interface EndOptions {
  readonly reason: string;
  readonly signal?: AbortSignal | undefined;
  readonly patienceMs?: number;
}

/**
 * Removes a standing effect by its inverse, through the same gate; what somebody else has removed is
 * told. Throws `STOPPED`, `MODE_FORBIDS`, `NEEDS_APPROVAL`, `RESOURCE_HELD` and `LEASE_NOT_ENDED`.
 */
export async function endLease(
  context: GateContext,
  runId: string,
  options: EndOptions,
): Promise<LeaseEnd> {
  const { services } = context;
  const ledger = await services.openLedger();
  const seat = services.seats.take(ledger, services.actor());
  try {
    const { reason } = options;
    const answer = await ledger.leases.beginEnd(runId, { runner: seat.runner, reason });
    const { lease } = answer;
    switch (answer.outcome) {
      case 'begun':
        return await removeEffect({ context, ledger, runId, seat }, options);
      case 'closed':
        return { outcome: 'already_closed', lease, run: null, summary: `It is ${lease.state}.` };
      case 'owned':
        return { outcome: 'owned', lease, run: null, summary: 'Another runner is ending it.' };
      case 'stopped':
        throw createNotBegun(lease, answer.stop);
    }
  } finally {
    // What was begun and not ended is for the next runner.
    await seat.leave();
  }
}

interface Ending {
  readonly context: GateContext;
  readonly ledger: Ledger;
  readonly runId: string;
  readonly seat: Seat;
}

async function removeEffect(ending: Ending, options: EndOptions): Promise<LeaseEnd> {
  const { context, ledger, runId } = ending;
  const earlier = await settleEarlier(ending);
  if (earlier !== null) return earlier;
  const original = await ledger.runs.get(runId);
  try {
    requireIntact(original);
    const waiting = await goOnWithWaiting(ending, options);
    const run = waiting ?? (await planEnd(ending, original, options));
    if ('gone' in run) return await closeGone(ending, original, run.gone);
    if (run.state !== 'succeeded') throw run.error ?? createUnproven(run);
    const lease = await ledger.leases.get(runId);
    return { outcome: 'ended', lease, run, summary: run.summary };
  } catch (error) {
    throw notEnded(original, error, context);
  }
}

/**
 * An earlier end may have removed the effect before its process died: that must not look like somebody
 * else's work. `null` when there was none, or it did not.
 */
async function settleEarlier({ context, ledger, runId }: Ending): Promise<LeaseEnd | null> {
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

/** An end that waited for consent or for its turn is gone on with, unless it is stale by now. */
async function goOnWithWaiting(ending: Ending, options: EndOptions): Promise<RunResult | null> {
  const { context, ledger, runId } = ending;
  const runs = await ledger.runs.list({ of: runId });
  const waiting = runs.find(
    ({ purpose, state }) => purpose.kind === 'lease_end' && isWaiting(state),
  );
  if (waiting === undefined) return null;
  try {
    return await drainRun(runRun(context, waiting.id, options));
  } catch (error) {
    if (OperatorError.isInstance(error) && error.kind === 'stale') return null;
    throw error;
  }
}

async function planEnd(
  { context, runId }: Ending,
  { plan: { inverse, standingEffect } }: RunDetails,
  options: EndOptions,
): Promise<RunResult | { readonly gone: string }> {
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
  return context.carryOut(planned.plan, {
    requester: context.services.actor(),
    purpose: { kind: 'lease_end', of: runId },
    ...options,
  });
}

/** `original`: its run, as it was before anybody looked for the effect. */
async function closeGone(
  { context, ledger, runId }: Ending,
  original: RunDetails,
  seen: string,
): Promise<LeaseEnd> {
  // What is on its way is not gone: closed now, nobody would ever remove it.
  if (isOwned(original.state)) throw createNotYet(original, seen);
  const isLost = original.state === 'succeeded';
  const summary = `${isLost ? 'Somebody else had removed it' : 'It is not in force'}: ${seen}`;
  const state = isLost ? 'lost' : 'ended';
  const by = context.services.actor();
  const lease = await ledger.leases.close(runId, { state, by, reason: summary });
  return { outcome: state, lease, run: null, summary };
}

function createUnproven({ runId, state, summary }: RunResult): Error {
  return createEngineError('NOT_VERIFIED', {
    message: summary,
    remedy: `Follow the run with \`operator runs watch ${runId}\`.`,
    facts: { runId, state },
  });
}

function createNotYet({ id, owner }: RunDetails, seen: string): Error {
  return createEngineError('RESOURCE_HELD', {
    message: `Run ${id}, which brings the effect about, is still under way, and may yet do so: ${seen}`,
    remedy: 'Wait until that run is over, or cancel it.',
    facts: { runId: id, owner },
    retryable: true,
  });
}

/** Errors that say by themselves why a lease goes on. */
const PLAIN: readonly string[] = [
  'STOPPED',
  'MODE_FORBIDS',
  'NEEDS_APPROVAL',
  'RESOURCE_HELD',
  'INTERRUPTED',
];

function notEnded(original: RunDetails, error: unknown, { subjectName }: GateContext): unknown {
  if (!OperatorError.isInstance(error) || PLAIN.includes(error.code)) return error;
  const effect = original.plan.standingEffect;
  return createEngineError('LEASE_NOT_ENDED', {
    message: `${effect?.name ?? 'The standing effect'} on ${effect?.resource ?? original.summary} of ${subjectName} was not removed and may be in force: ${error.message}`,
    remedy: error.remedy,
    facts: { lease: original.id, code: error.code, because: error.facts },
    retryable: true,
    cause: error,
  });
}

function createNotBegun(lease: Lease, stop: Parameters<typeof createStopped>[0]['stop']): Error {
  const because = stop === null ? 'observe_mode' : 'kill_switch';
  const what = `${lease.effect} on ${lease.resource} of ${lease.subject} is NOT removed and stays in force.`;
  return createStopped({ outcome: 'stopped', because, stop }, what);
}
