import { advise, OperatorError } from 'operator-core';
import { createEngineError } from '../errors/engine-error.ts';
import { operations } from '../errors/operations.ts';
import type { GateContext } from '../subject/gate-context.ts';
import type { RunResult } from '../events/run-result.ts';
import type { Lease } from '../ledger/lease.ts';
import type { RunDetails } from '../ledger/run-record.ts';
import { describeUnproven } from '../runs/recover/look-at-lease.ts';
import { createStopped } from '../runs/execute/run-errors.ts';

/** `NOT_VERIFIED`: the run that removes the effect was released before it was proven. */
export function createUnproven({ runId, state, summary }: RunResult): Error {
  return createEngineError('NOT_VERIFIED', {
    message: summary,
    remedy: advise`Follow the run with ${operations.watchRun(runId)}.`,
    facts: { runId, state },
  });
}

/** `RESOURCE_HELD`: the run that makes the effect is still under way. */
export function createNotYet({ id, owner, state }: RunDetails, seen: string): Error {
  return createEngineError('RESOURCE_HELD', {
    message: `Run ${id}, which causes the effect, is ${state} and may still cause it: ${seen}`,
    remedy: advise`${operations.watchRun(id)} follows it until its result is known; then end the lease again.`,
    facts: { runId: id, owner },
    retryable: true,
  });
}

/** `IDENTITY_NOT_PROVEN`: rows claim that the effect is Operator's, and nothing proves it. */
export function createNotOurs(lease: Lease, why: readonly string[]): Error {
  return createEngineError('IDENTITY_NOT_PROVEN', {
    message: `${lease.effect} on ${lease.resource} of ${lease.subject} is NOT removed: ${describeUnproven(lease, why)}`,
    remedy: advise`${operations.checkLedger} looks for edits of the ledger. To give the lease up and keep the effect: ${operations.releaseLease(lease.runId)}; to remove the effect, request that as a change of your own.`,
    facts: { lease: lease.runId, why: [...why] },
  });
}

/** Errors that explain why a lease stays in force. */
const PLAIN: readonly string[] = [
  'STOPPED',
  'MODE_FORBIDS',
  'NEEDS_APPROVAL',
  'RESOURCE_HELD',
  'INTERRUPTED',
];

/** The error itself when it explains why the lease stays in force, else `LEASE_NOT_ENDED`. */
export function notEnded(
  original: RunDetails,
  error: unknown,
  { subjectName }: GateContext,
): unknown {
  if (!OperatorError.isInstance(error) || PLAIN.includes(error.code)) return error;
  const effect = original.plan.standingEffect;
  return createEngineError('LEASE_NOT_ENDED', {
    message: `${effect?.name ?? 'The standing effect'} on ${effect?.resource ?? original.summary} of ${subjectName} was not removed and may be in force: ${error.message}`,
    remedy: OperatorError.remedyOf(error),
    facts: { lease: original.id, code: error.code, because: error.facts },
    retryable: true,
    cause: error,
  });
}

/** `STOPPED` or `MODE_FORBIDS`: the effect stays in force. */
export function createNotBegun(
  lease: Lease,
  stop: Parameters<typeof createStopped>[0]['stop'],
): Error {
  const because = stop === null ? 'observe_mode' : 'kill_switch';
  const what = `${lease.effect} on ${lease.resource} of ${lease.subject} is NOT removed and stays in force.`;
  return createStopped({ outcome: 'stopped', because, stop }, what);
}
