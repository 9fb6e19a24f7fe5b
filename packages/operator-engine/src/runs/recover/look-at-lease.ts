import { advise, OperatorError } from 'operator-core';
import type { Remedy } from 'operator-core';
import type { GateContext } from '../../subject/gate-context.ts';
import { operations } from '../../errors/operations.ts';
import { inverseOf } from '../../planning/captures.ts';
import { planAction } from '../../planning/plan-action.ts';
import { resolveCall } from '../../planning/resolve-call.ts';
import { isClosed } from '../../ledger/lease.ts';
import type { Lease } from '../../ledger/lease.ts';
import type { RunDetails } from '../../ledger/run-record.ts';
import { isOwned } from '../../ledger/run-state.ts';
import { joinSignals } from '../../base/signals.ts';
import { findReplacement, tryToLook } from './look-at-effect.ts';
import { trustRun } from '../../planning/sealed-plan.ts';
import { decideOrigin } from './decide-origin.ts';
import { findExcess } from '../../planning/find-excess.ts';
import { judgeGone } from './judge-gone.ts';

/** A lease, compared with the system. */
export interface LeaseSight {
  /** The lease as it is after the look. */
  readonly lease: Lease;
  /**
   * - `in_force`: the effect is there
   * - `gone`: it is not, and the lease is `lost` or `ended` by now
   * - `unknown`: it could not be read, or is not there while its run may yet bring it about
   * - `over`: the lease was over already
   */
  readonly seen: 'in_force' | 'gone' | 'unknown' | 'over';
  /** One sentence. */
  readonly summary: string;
  /** Advice; absent when nothing is to be done. */
  readonly remedy?: Remedy;
}

/** Longest look at one lease: a command that only lists must not wait for a system that is down. */
const LOOK_MS = 5_000;

/** Checks if the effect of a lease is in force, by planning its inverse. Reads only. Never rejects. */
export async function lookAtLease(
  context: GateContext,
  lease: Lease,
  signal?: AbortSignal,
): Promise<LeaseSight> {
  if (isClosed(lease.state)) return { lease, seen: 'over', summary: `It is ${lease.state}.` };
  try {
    return await look(context, lease, joinSignals(signal, AbortSignal.timeout(LOOK_MS)));
  } catch (error) {
    if (!OperatorError.isInstance(error)) throw error;
    const isLate = error.kind === 'interrupted' && signal?.aborted !== true;
    const why = isLate ? `no answer came within ${LOOK_MS / 1000} s` : error.message;
    return { lease, seen: 'unknown', summary: `Whether it is in force is not known: ${why}` };
  }
}

/** Compares every open lease of a subject with the system, all at the same time. Never rejects. */
export async function lookAtLeases(
  context: GateContext,
  signal?: AbortSignal,
): Promise<readonly LeaseSight[]> {
  const { leases } = await context.services.openLedger();
  const all = await leases.list({ subject: context.subjectName });
  const open = all.filter(({ state }) => !isClosed(state));
  return Promise.all(open.map((lease) => lookAtLease(context, lease, signal)));
}

async function look(context: GateContext, lease: Lease, signal: AbortSignal): Promise<LeaseSight> {
  const { services } = context;
  const ledger = await services.openLedger();
  const run = trustRun(await ledger.runs.get(lease.runId));
  const inverse = inverseOf(run);
  if (isOwned(run.state)) return lookUnderWay(context, { lease, run }, signal);
  if ('none' in inverse) return { lease, seen: 'unknown', summary: inverse.none };
  const planned = await planAction(context, await resolveCall(context, inverse, signal), {
    signal,
  });
  switch (planned.kind) {
    case 'plan': {
      const why = await ledger.leases.whyUnproven(run.id, decideOrigin(services.policy(), run));
      if (why.length > 0) return describeForeign(lease, why);
      const excess = findExcess(run.plan, planned.plan);
      const more = excess === null ? '' : ` It is not what was leased any more: ${excess}.`;
      return { lease, seen: 'in_force', summary: `It is in force.${more}` };
    }
    case 'nothing_to_do':
      return lose(context, { lease, run, seen: planned.summary });
    case 'refused': {
      const replaced = await findReplacement(context, run, signal);
      if (replaced !== null) return lose(context, { lease, run, seen: replaced.summary });
      const { code, message } = planned.refusal;
      return { lease, seen: 'unknown', summary: `Its end cannot be planned: ${message} (${code})` };
    }
  }
}

function describeForeign(lease: Lease, why: readonly string[]): LeaseSight {
  return {
    lease,
    seen: 'unknown',
    summary: `Such an effect is there, and is not removed: ${describeUnproven(lease, why)}`,
    remedy: advise`To give the lease up: ${operations.releaseLease(lease.runId)}.`,
  };
}

/** One sentence. */
export function describeUnproven({ runId, owner }: Lease, why: readonly string[]): string {
  return `nothing proves that it is the work of run ${runId} of ${owner.name}: ${why.join('; ')}.`;
}

/** The run is under way: an effect that is not in force yet is not lost. */
async function lookUnderWay(
  context: GateContext,
  { lease, run }: { lease: Lease; run: RunDetails },
  signal: AbortSignal,
): Promise<LeaseSight> {
  const { runs } = await context.services.openLedger();
  const abandoned = await runs.abandoned();
  const isAbandoned = abandoned.some(({ id }) => id === run.id);
  const who = isAbandoned ? 'no process follows it' : 'a process carries it out';
  const { seen, summary } = await tryToLook(context, run, signal);
  const told = {
    there: 'It is in force.',
    not_there: `It is not known to come into force: ${summary}`,
    unknown: `Whether it is in force is not known: ${summary}`,
  }[seen];
  return {
    lease,
    seen: seen === 'there' ? 'in_force' : 'unknown',
    summary: `${told} Its run is ${run.state}; ${who}.`,
    ...(isAbandoned ? { remedy: advise`${operations.recoverRuns} settles it.` } : {}),
  };
}

async function lose(
  { services }: GateContext,
  { lease, run, seen }: { lease: Lease; run: RunDetails; seen: string },
): Promise<LeaseSight> {
  const ledger = await services.openLedger();
  const gone = await judgeGone(ledger, run, seen);
  const closed = await ledger.leases.lose(lease.runId, { by: services.actor(), ...gone });
  return closed === null
    ? { lease, seen: 'unknown', summary: `It is being changed now: ${seen}` }
    : { lease: closed, seen: 'gone', summary: gone.reason };
}
