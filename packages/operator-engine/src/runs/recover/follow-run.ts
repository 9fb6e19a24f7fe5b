import { advise } from 'operator-core';
import { createEngineError } from '../../errors/engine-error.ts';
import type { CarryOutPlan } from '../execute/cancel-effect.ts';
import { operations } from '../../errors/operations.ts';
import { isUntouched } from '../execute/conclude-sending.ts';
import { UNRECORDED } from '../execute/journal.ts';
import type { GateContext } from '../../subject/gate-context.ts';
import { pause } from '../../base/signals.ts';
import { EventChannel } from '../../events/event-channel.ts';
import type { EventContent, RunEvent, Steps } from '../../events/run-event.ts';
import type { RunResult } from '../../events/run-result.ts';
import type { Lease } from '../../ledger/lease.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { toRecord } from '../../ledger/run-record.ts';
import type { RunDetails } from '../../ledger/run-record.ts';
import { takeOver } from './take-over.ts';
import { outcomeOf } from './run-outcome.ts';
import { isOver, isOwned } from '../../ledger/run-state.ts';

/** Options for following a run of another process. */
export interface FollowOptions {
  readonly signal?: AbortSignal | undefined;
  /** The last audit entry that was seen before: those after it follow. Default: all. */
  readonly after?: number | undefined;
  /** Follow it to its end. Default: true. */
  readonly wait?: boolean | undefined;
  /** True when the caller wanted to carry it out itself: a run that ended with nothing sent then throws. */
  readonly isOwn?: boolean;
}

interface Following extends FollowOptions {
  readonly carryOutPlan: CarryOutPlan;
}

/**
 * Follows a run by reading the ledger until it is over; a caller that stops reading delays no other process.
 * When the run's owner dies, the run is taken over and settled by reading. Never starts a run.
 */
export async function* follow(
  context: GateContext,
  runId: string,
  options: Following,
): Steps<RunResult> {
  const { clock } = context.services;
  const ledger = await context.services.openLedger();
  const { wait = true, isOwn = false, signal } = options;
  const first = await ledger.runs.get(runId);
  if (isOver(first.state) && isOwn) return told(first, { isOwn, now: clock.iso() });
  yield { kind: 'joined', run: toRecord(first) };
  let { after = 0 } = options;
  for (;;) {
    // The order matters: all entries of a run that is over are then seen.
    const run = await ledger.runs.get(runId);
    for (const entry of await ledger.runs.events(runId, { after })) {
      after = entry.sequence;
      yield { kind: 'entry', entry };
    }
    if (isOver(run.state) || !wait) return told(run, { isOwn, now: clock.iso() });
    const settled = yield* takeOverDead(context, { ledger, run }, options);
    if (settled !== null) return settled;
    if (!(await pause(context.limits.followMs, signal))) return interrupted(run, clock.iso());
  }
}

async function* takeOverDead(
  context: GateContext,
  { ledger, run }: { ledger: Ledger; run: RunDetails },
  { signal, carryOutPlan }: Following,
): Steps<RunResult | null> {
  if (!isOwned(run.state)) return null;
  const abandoned = await ledger.runs.abandoned();
  if (!abandoned.some(({ id }) => id === run.id)) return null;
  const events = new EventChannel<EventContent<RunEvent>>();
  // The owner of a run waits for no listener: this one may have stopped reading.
  const work = context.services.detached.drive(
    { id: run.id, signal },
    (joined) => takeOver(context, { ledger, runId: run.id }, { signal: joined, carryOutPlan }),
    (event) => void events.emit(event),
  );
  const close = (): void => {
    events.close();
  };
  work.then(close, close);
  yield* events.events();
  return work;
}

function told(run: RunDetails, { isOwn, now }: { isOwn: boolean; now: string }): RunResult {
  const result = outcomeOf(run, now);
  if (isOwn && run.state === 'succeeded' && isRemoved(run.lease))
    return { ...result, ...removed(run) };
  const isUnsent = isUntouched(run.requests.map((request) => request.result ?? UNRECORDED));
  const neverBegan = isUnsent && UNBEGUN.includes(run.state);
  if (isOwn && neverBegan && result.error !== null) throw result.error;
  return result;
}

function isRemoved(lease: Lease | null): boolean {
  return lease?.state === 'ended' || lease?.state === 'lost';
}

/** Result for a plan that is applied again after its effect was taken back. */
function removed(run: RunDetails): Pick<RunResult, 'summary' | 'error'> {
  const error = createEngineError('RUN_STATE_CONFLICT', {
    message: `Run ${run.id} was done, and its effect has been removed since: ${run.lease?.reason ?? 'its lease is over'}.`,
    remedy: 'Plan again.',
    facts: { runId: run.id, state: run.state, lease: run.lease?.state ?? null },
  });
  return { summary: error.message, error };
}

const UNBEGUN: readonly string[] = ['refused', 'rejected', 'expired', 'cancelled'];

function interrupted(run: RunDetails, now: string): RunResult {
  const error = createEngineError('INTERRUPTED', {
    message: `Interrupted while following run ${run.id}, which is ${run.state}.`,
    remedy: advise`Follow it again with ${operations.watchRun(run.id)}.`,
    facts: { runId: run.id, state: run.state },
  });
  return { ...outcomeOf(run, now), summary: error.message, error };
}
