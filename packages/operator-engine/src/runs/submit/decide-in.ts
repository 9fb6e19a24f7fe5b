import type { Plan } from 'operator-core';
import type { Decision } from '../../ledger/approval.ts';
import type { Actor } from '../../ledger/actor.ts';
import type { Mode } from '../../ledger/mode.ts';
import type { RunPurpose } from '../../ledger/run-record.ts';
import type { ActionCall, GateContext } from '../../subject/gate-context.ts';

/** A plan that policy decides about: its call, its requester and its purpose. */
export interface Proposal {
  readonly plan: Plan;
  readonly call: ActionCall;
  readonly requester: Actor;
  readonly purpose: RunPurpose;
}

/** Asks policy in a given mode. */
export async function decideIn(
  { services }: GateContext,
  { plan, call, requester, purpose }: Proposal,
  mode: Mode,
): Promise<Decision> {
  // A document may say less than the action itself does; the action counts.
  const requiresApproval = plan.requiresApproval || call.definition.requiresApproval;
  const about = { ...plan, requiresApproval };
  return services.policy().decide({ plan: about, requester, purpose: purpose.kind, mode });
}
