import { createEngineError } from '../errors/engine-error.ts';
import type { GatePolicy } from '../subject/gate-policy.ts';
import type { Actor } from '../ledger/actor.ts';
import { objectToConsent } from '../ledger/approval.ts';
import type { Decision } from '../ledger/approval.ts';
import type { Lease } from '../ledger/lease.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { trustRun } from '../planning/sealed-plan.ts';

/** The new end of a lease, its reason and its requester. */
export interface Extension {
  /** Milliseconds from now; `null`: no end. */
  readonly forMs: number | null;
  readonly reason: string;
  readonly by: Actor;
}

/**
 * Sets the end of a lease. A later end needs the same permission as the effect itself; an approver of the rule
 * may extend too. Throws `POLICY_DENIED`.
 */
export async function extendLease(
  ledger: Ledger,
  policy: GatePolicy,
  { runId, ...change }: Extension & { readonly runId: string },
): Promise<Lease> {
  const shortened = await ledger.leases.shorten(runId, change);
  if (shortened !== null) return shortened;
  await requireConsent(ledger, policy, { runId, by: change.by });
  return ledger.leases.extend(runId, change);
}

/** Releases a lease. It needs the same permission as an extension without end. Throws `POLICY_DENIED`. */
export async function releaseLease(
  ledger: Ledger,
  policy: GatePolicy,
  { runId, reason, by }: { runId: string; reason: string; by: Actor },
): Promise<Lease> {
  await requireConsent(ledger, policy, { runId, by });
  return ledger.leases.close(runId, { state: 'released', by, reason });
}

async function requireConsent(
  ledger: Ledger,
  policy: GatePolicy,
  { runId, by }: { runId: string; by: Actor },
): Promise<void> {
  const [found, { mode }] = await Promise.all([ledger.runs.get(runId), ledger.mode.get()]);
  const run = trustRun(found);
  const decide = (requester: Actor): Decision =>
    policy.decide({ plan: run.plan, requester, purpose: 'change', mode });
  if (decide(by).kind === 'allow') return;
  // The consent that the run itself would need now.
  const { reasons, approval } = decide(run.requester);
  const isAsked = approval !== undefined;
  if (
    isAsked &&
    objectToConsent(approval, { approver: by, atTerminal: true }, run.requester) === null
  )
    return;
  const whom = approval?.from?.join(', ') ?? 'an approver of the rule';
  throw createEngineError('POLICY_DENIED', {
    message: `The lease of run ${runId} was not changed by ${by.name}: ${reasons.join(' ')}`,
    remedy:
      approval === undefined
        ? 'Let the lease end, or ask the authors of the policy.'
        : `Ask ${whom} to do it.`,
    facts: { runId, reasons: [...reasons] },
  });
}
