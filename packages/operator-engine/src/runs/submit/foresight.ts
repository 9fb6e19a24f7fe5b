import type { Plan } from 'operator-core';
import type { Decision } from '../../ledger/approval.ts';
import type { Obstacle } from '../../ledger/claim.ts';
import type { RunRecord } from '../../ledger/run-record.ts';
import { resolveCall } from '../../planning/resolve-call.ts';
import type { GateContext } from '../../subject/gate-context.ts';
import { decideIn } from './decide-in.ts';

/** Decision of the policy and obstacle in the ledger for a plan now. Both may differ when the plan is applied. */
export interface Foresight {
  readonly decision: Decision;
  /** Obstacle that would keep a run of it from starting now, or `null`. */
  readonly obstacle: Obstacle | null;
  /** The obstacle as a sentence without its full stop, or `null`. */
  readonly reason: string | null;
  /** Runs that are allowed, have not begun, and are to disturb the same: each may still be begun, before or after it. */
  readonly waiting: readonly RunRecord[];
}

/** Asks policy about a plan where there is no ledger: no run is under way, and no mode was set. */
export async function foreseeFirst(
  context: GateContext,
  plan: Plan,
  signal: AbortSignal | undefined,
): Promise<Foresight> {
  const call = await resolveCall(context, plan, signal);
  const requester = context.services.actor();
  const proposal = { plan, call, requester, purpose: { kind: 'change' } } as const;
  const decision = await decideIn(context, proposal, 'autonomous');
  return { decision, obstacle: null, reason: null, waiting: [] };
}
