import type { Plan } from 'operator-core';
import type { ActionCall, GateContext } from '../../subject/gate-context.ts';
import { findExcess } from '../../planning/find-excess.ts';
import type { Actor } from '../../ledger/actor.ts';
import type { Decision } from '../../ledger/approval.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Mode } from '../../ledger/mode.ts';
import type { RunPurpose } from '../../ledger/run-record.ts';
import { requireTruePurpose } from './find-purpose.ts';

/** A run, or a request for one, for a decision of the policy. */
export interface Question {
  readonly ledger: Ledger;
  readonly plan: Plan;
  readonly call: ActionCall;
  readonly requester: Actor;
  readonly purpose: RunPurpose;
}

/** Asks policy about a new run, in the mode of now. Throws `UNDO_REFUSED` for a purpose that is not the plan's. */
export async function decideNow(context: GateContext, question: Question): Promise<Decision> {
  await requireTruePurpose(context, question, question.purpose);
  const { mode } = await question.ledger.mode.get();
  return decideIn(context, await asWhat(question), mode);
}

/** Asks policy again when a run is claimed. The claim itself looks at the mode. */
export async function decideAbout(context: GateContext, question: Question): Promise<Decision> {
  await requireTruePurpose(context, question, question.purpose);
  return decideIn(context, await asWhat(question), 'autonomous');
}

/** Asks policy in a given mode. */
export async function decideIn(
  { services }: GateContext,
  { plan, call, requester, purpose }: Omit<Question, 'ledger'>,
  mode: Mode,
): Promise<Decision> {
  // A document may say less than the action itself does; the action counts.
  const requiresApproval = plan.requiresApproval || call.definition.requiresApproval;
  const about = { ...plan, requiresApproval };
  return services.policy().decide({ plan: about, requester, purpose: purpose.kind, mode });
}

const CHANGE: RunPurpose = { kind: 'change' };

/** The end of a lease that would do more than the lease allowed is a change, which the lease's owner asks for. */
async function asWhat(question: Question): Promise<Question> {
  const { ledger, plan, purpose } = question;
  if (purpose.kind !== 'lease_end') return question;
  const { plan: leased, requester } = await ledger.runs.get(purpose.of);
  return findExcess(leased, plan) === null ? question : { ...question, requester, purpose: CHANGE };
}
