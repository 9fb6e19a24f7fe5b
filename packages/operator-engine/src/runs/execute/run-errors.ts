import { advise, OperatorError } from 'operator-core';
import type { JsonObject, Remedy, Unit } from 'operator-core';
import { createEngineError } from '../../errors/engine-error.ts';
import { operations } from '../../errors/operations.ts';
import type { Holder, LimitReached, Obstacle, Stopped } from '../../ledger/claim.ts';
import type { RunRecord } from '../../ledger/run-record.ts';
import type { LedgerStopCause } from './stop-cause.ts';

/** The error for a run whose owner must stop. */
export function errorOfStop(
  cause: Exclude<LedgerStopCause, { kind: 'cancelled' }>,
  what: string,
): OperatorError {
  if (cause.kind === 'stopped') return createStopped(cause.stopped, what);
  return createEngineError('FENCED', {
    message: `${what} Another runner has taken the run over.`,
    remedy: 'Follow the run: the other runner settles it.',
    facts: cause.run === null ? {} : { runId: cause.run.id, owner: cause.run.owner },
  });
}

/** `STOPPED` or `MODE_FORBIDS`. */
export function createStopped(
  { because, stop }: Stopped,
  what: string,
  waiting: RunRecord | null = null,
): OperatorError {
  const goesOn = waiting === null ? '' : describeWaiting(waiting);
  if (because === 'kill_switch') {
    const by = stop?.by.name ?? 'Another user';
    return createEngineError('STOPPED', {
      message: `${what} ${by} has stopped everything: ${stop?.reason ?? ''}`,
      remedy: advise`Ask the person who stopped it; ${operations.resume} lifts the stop.${goesOn}`,
      facts: stop === null ? {} : { by: { ...stop.by }, reason: stop.reason, since: stop.since },
    });
  }
  return createEngineError('MODE_FORBIDS', {
    message:
      because === 'observe_mode'
        ? `${what} In the mode observe nothing runs.`
        : `${what} In the mode guarded only runs that a person has approved may start.`,
    remedy: advise`${operations.showMode} shows it, and ${operations.setMode} changes it.${goesOn}`,
    facts: { because },
  });
}

/** Obstacle to a run, as a sentence without its full stop. */
export function describeObstacle(obstacle: Obstacle): string {
  switch (obstacle.outcome) {
    case 'held':
      return describeHolders(obstacle.holders).join('; ');
    case 'limited':
      return describeLimit(obstacle.reached);
    case 'stopped':
      return describeStop(obstacle);
  }
}

function describeStop({ because, stop }: Stopped): string {
  if (because === 'observe_mode') return 'in the mode observe nothing runs';
  if (because === 'guarded_mode') return 'in the mode guarded only approved runs start';
  return `${stop?.by.name ?? 'another user'} has stopped everything: ${stop?.reason ?? ''}`;
}

function describeHolders(holders: readonly Holder[]): readonly string[] {
  return holders.map(
    ({ resource, runId, requester, since, by }) =>
      `${resource} is held by ${by === 'lease' ? 'the lease of ' : ''}run ${runId} of ${requester.name} since ${since}`,
  );
}

/** A sentence on the present state of a run that has not started. */
function describeWaiting({ id, expiresAt }: RunRecord): Remedy {
  return advise` Run ${id} waits until ${expiresAt}: ${operations.watch} starts it once it may run, otherwise it expires; to cancel it: ${operations.cancelRun(id)}.`;
}

/** `RESOURCE_HELD`: other runs hold a resource that the run needs. */
export function createHeld(run: RunRecord, holders: readonly Holder[]): OperatorError {
  const told = describeHolders(holders);
  return createEngineError('RESOURCE_HELD', {
    message: `The run has to wait, and nothing was sent: ${told.join('; ')}.`,
    remedy: advise`Wait until the other run is over, or end its lease; then apply the same plan again.${describeWaiting(run)}`,
    facts: {
      runId: run.id,
      holders: holders.map((holder) => ({ ...holder, requester: { ...holder.requester } })),
    },
    retryable: true,
  });
}

/** `LIMIT_REACHED`: policy allows it, but not now. */
export function createLimited(run: RunRecord, reached: LimitReached): OperatorError {
  const { until } = reached;
  return createEngineError('LIMIT_REACHED', {
    message: `Not started: a policy limit is reached. Nothing was sent: ${describeLimit(reached)}.`,
    remedy: describeLater(run, until),
    facts: { runId: run.id, ...reached, unit: unitOf(reached) },
    retryable: true,
  });
}

/** Unit of `count` and `most`. */
function unitOf({ limit }: LimitReached): Unit {
  return limit === 'cooldownMs' ? 'milliseconds' : 'count';
}

/** Tells when a limited run starts, what to do without a runner, and how to cancel it. */
function describeLater({ id, expiresAt }: RunRecord, until: string | null): Remedy {
  const then = until === null ? 'when other runs are over' : `after ${until}`;
  return advise`Run ${id} waits until ${expiresAt}: a running ${operations.watch} starts it ${then}, otherwise it expires. Without ${operations.watch}, repeat the command ${then}. To cancel the run: ${operations.cancelRun(id)}.`;
}

function describeLimit({ limit, count, most, resource, until }: LimitReached): string {
  switch (limit) {
    case 'runsAtOnce':
      return `${count} runs are under way, and the policy allows ${most} at once`;
    case 'runsPerHour':
      return `${count} changes were started within an hour, and the policy allows ${most}`;
    case 'cooldownMs':
      return `${resource} was changed ${inSeconds(count)} ago, and may change again after ${inSeconds(most)}, at ${until}`;
    case 'failures':
      return `the last ${count} runs did not succeed; the policy lets nothing run until ${until}`;
    case 'resourcesAtOnce':
      return `${count} resources of the kind ${resource} would be disturbed, and the policy allows ${most} at once`;
  }
}

function inSeconds(milliseconds: number): string {
  return `${Math.round(milliseconds / 1000)} s`;
}

/** `NEEDS_APPROVAL`: the run is recorded in the ledger and waits. */
export function createNeedsApproval(
  run: RunRecord,
  { given, needed }: { given: number; needed: number },
): OperatorError {
  const approval = run.decision?.approval ?? null;
  const from = approval?.from ?? null;
  const whom = from === null ? 'people' : from.join(', ');
  return createEngineError('NEEDS_APPROVAL', {
    message: `Run ${run.id} waits for the consent of ${whom} (${given} of ${needed}): ${run.decision?.reasons.join(' ') ?? ''}`,
    remedy: advise`Ask for ${operations.approveRun(run.id)}; the run waits until ${run.expiresAt}.`,
    facts: {
      runId: run.id,
      digest: run.digest,
      given,
      needed,
      from: from === null ? null : [...from],
      expiresAt: run.expiresAt,
    },
  });
}

/** `IDENTITY_NOT_PROVEN`: the ledger names the requester and approvers, and nothing proves them. */
export function createUnproven(
  run: RunRecord,
  { why, isBlind }: { why: readonly string[]; isBlind: boolean },
): OperatorError {
  return createEngineError('IDENTITY_NOT_PROVEN', {
    message: `Run ${run.id} was not started, and nothing was sent: ${why.join('; ')}.`,
    remedy: isBlind
      ? 'Carry it out from a process that sees the users of this machine, with the ledger on a local disk.'
      : advise`Plan again. ${operations.checkLedger} looks for edits of the ledger.`,
    facts: { runId: run.id, why: [...why] },
  });
}

/** `POLICY_CHANGED`: the rules that decided are no longer the rules. */
export function createPolicyChanged(run: RunRecord, versions: JsonObject): OperatorError {
  return createEngineError('POLICY_CHANGED', {
    message: `Policy has changed since run ${run.id} was decided; nothing was sent.`,
    remedy: advise`Plan again. If the run still waits, cancel it: ${operations.cancelRun(run.id)}.`,
    facts: { runId: run.id, ...versions },
  });
}

/** `POLICY_DENIED`, with every reason. */
export function createDenied(run: RunRecord): OperatorError {
  const { decision } = run;
  const reasons = decision?.reasons ?? [];
  return createEngineError('POLICY_DENIED', {
    message: `Policy does not allow the plan: ${reasons.join(' ') || (run.reason ?? '')}`,
    remedy: 'Plan a change that the policy allows, or ask the authors of the policy.',
    facts: {
      runId: run.id,
      reasons: [...reasons],
      policyVersion: decision?.policyVersion ?? null,
    },
  });
}

/** The error with the run that it is about. */
export function withRun(error: OperatorError, runId: string): OperatorError {
  if ('runId' in error.facts) return error;
  return OperatorError.with(error, { facts: { ...error.facts, runId } });
}
