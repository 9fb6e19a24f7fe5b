import type { GateContext } from '../subject/gate-context.ts';
import { isClosed } from '../ledger/lease.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { RunDetails } from '../ledger/run-record.ts';
import { isOwned } from '../ledger/run-state.ts';
import { cancelRun } from '../runs/others/cancel-run.ts';
import { isAnswerLost } from '../runs/execute/conclude-sending.ts';
import { tryToLook } from '../runs/recover/look-at-effect.ts';
import { recoverRun } from '../runs/execute-run.ts';
import { createNotYet } from './lease-end-errors.ts';
import type { LeaseEnd } from './lease-end.ts';
import type { EndOptions } from './lease-end.ts';

interface Original {
  readonly context: GateContext;
  readonly ledger: Ledger;
  readonly runId: string;
}

/**
 * Settles the run of a lease before the lease is ended, if the run is still under way: by reading when no
 * living process follows it, by a cancel while its owner still waits for the effect. `null`: the effect must be
 * removed. Throws `RESOURCE_HELD` while a request may still cause it.
 */
export async function recoverOriginal(
  original: Original,
  options: EndOptions,
): Promise<LeaseEnd | null> {
  const { context, ledger, runId } = original;
  const [before, { stop, mode }] = await Promise.all([ledger.runs.get(runId), ledger.mode.get()]);
  if (!isOwned(before.state) || stop !== null || mode === 'observe') return null;
  const { signal } = options;
  const looked = await recoverRun(context, runId, { signal, patienceMs: 0 });
  const run = await ledger.runs.get(runId);
  if (isOwned(run.state)) return endUnderWay(original, run, options);
  const lease = await ledger.leases.get(runId);
  if (!isClosed(lease.state)) return null;
  return { outcome: 'ended', lease, run: null, summary: looked?.summary ?? `It is ${run.state}.` };
}

async function endUnderWay(
  { context, ledger, runId }: Original,
  run: RunDetails,
  { subjects, reason, signal }: EndOptions,
): Promise<LeaseEnd | null> {
  const { limits, services } = context;
  // A request under way, or one with a lost answer, may still cause the effect later.
  const isLost = isAnswerLost(run.requests.map(({ result }) => result));
  const sight = await tryToLook(context, run, signal);
  if (run.state !== 'verifying' || (isLost && sight.seen !== 'there')) {
    throw createNotYet(run, sight.summary);
  }
  const why = `its lease is ended: ${reason}`;
  const cancel = { by: services.actor(), reason: why, limits, signal };
  const { summary } = await cancelRun(subjects, runId, cancel);
  const lease = await ledger.leases.get(runId);
  return lease.state === 'ended' ? { outcome: 'ended', lease, run: null, summary } : null;
}
