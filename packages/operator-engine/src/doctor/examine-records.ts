import { advise } from 'operator-core';
import type { Remedy } from 'operator-core';
import { operations } from '../errors/operations.ts';
import { isInForce, OPEN_LEASE_STATES } from '../ledger/lease.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { SharedFinding } from './finding.ts';

/** Mode and kill switch: what they keep from running. */
export async function examineMode({ mode }: Ledger): Promise<SharedFinding> {
  const check = 'mode';
  const { mode: now, stop } = await mode.get();
  if (stop !== null) {
    const message = `${stop.by.name} has stopped everything since ${stop.since}: ${stop.reason}`;
    const remedy = advise`Nothing runs and no lease is ended until ${operations.resume}.`;
    return { check, state: 'warning', message, remedy };
  }
  if (now !== 'observe') return { check, state: 'ok', message: `It is ${now}.` };
  const remedy = advise`To allow runs: ${{ ...operations.setMode, mode: 'guarded' }}.`;
  return { check, state: 'warning', message: 'It is observe: nothing runs.', remedy };
}

/** Runs that need a user: without a runner, of unknown outcome, waiting for consent. */
export async function examineRuns({ runs, approvals }: Ledger): Promise<readonly SharedFinding[]> {
  const abandoned = (await runs.abandoned()).map(({ id }) => id);
  const waiting = (await approvals.pending()).map(({ run }) => run.id);
  const unknown = (await runs.list({ states: ['unknown'] })).map(({ id }) => id);
  const found: SharedFinding[] = [];
  const add = (ids: readonly string[], what: string, remedy: Remedy): void => {
    if (ids.length === 0) return;
    found.push({ check: 'runs', state: 'warning', message: `${what}: ${ids.join(', ')}.`, remedy });
  };
  add(abandoned, 'Without a living runner', advise`${operations.recoverRuns} reads their results.`);
  add(unknown, 'Of unknown outcome', advise`${operations.recoverRuns} looks again.`);
  add(waiting, 'Waiting for approval', advise`${operations.listApprovals} shows them.`);
  if (found.length > 0) return found;
  return [{ check: 'runs', state: 'ok', message: 'None waits, none is without a living runner.' }];
}

/** Leases that are due. `isWatched`: a runner ends them. */
export async function examineLeases(
  { leases }: Ledger,
  { isWatched }: { isWatched: boolean },
): Promise<SharedFinding> {
  const check = 'leases';
  const open = await leases.list({ states: OPEN_LEASE_STATES });
  const ending = open.filter(({ endsAt }) => endsAt !== null).map(({ runId }) => runId);
  const due = (await leases.due()).map(({ runId }) => runId);
  const remedy = advise`Start ${operations.watch}, or end them: ${operations.endLease(null)}.`;
  if (due.length > 0) {
    const missing = isWatched ? '' : ' No runner that watches is alive.';
    const message = `Due, and still in force: ${due.join(', ')}.${missing}`;
    return { check, state: 'failed', message, remedy };
  }
  if (ending.length > 0 && !isWatched) {
    const message = `No runner that watches is alive to end ${ending.join(', ')}.`;
    return { check, state: 'warning', message, remedy };
  }
  return { check, state: 'ok', message: `${open.filter(isInForce).length} in force, none is due.` };
}
