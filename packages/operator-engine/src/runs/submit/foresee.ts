import type { Plan } from 'operator-core';
import type { GateContext } from '../../subject/gate-context.ts';
import { resolveCall } from '../../planning/resolve-call.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { toRecord } from '../../ledger/run-record.ts';
import type { RunRecord } from '../../ledger/run-record.ts';
import { decideIn } from './decide-in.ts';
import { exclusiveResources, findPurpose } from './find-purpose.ts';
import { describeObstacle } from '../execute/run-errors.ts';
import type { Foresight } from './foresight.ts';

/** Asks policy and the ledger about a plan. Records nothing. */
export async function foresee(
  context: GateContext,
  plan: Plan,
  signal: AbortSignal | undefined,
): Promise<Foresight> {
  const { services } = context;
  const call = await resolveCall(context, plan, signal);
  const ledger = await services.openLedger();
  const purpose = await findPurpose(context, { ledger, plan, call });
  const { mode } = await ledger.mode.get();
  const proposal = { plan, call, requester: services.actor(), purpose };
  const decision = await decideIn(context, proposal, mode);
  const limits = services.policy().limitsFor({ plan, purpose: purpose.kind });
  const needsApproval = decision.kind === 'needs_approval';
  const obstacle = await ledger.runs.foresee({ plan, purpose, needsApproval, limits });
  const reason = obstacle === null ? null : describeObstacle(obstacle);
  return { decision, obstacle, reason, waiting: await findWaiting(ledger, plan) };
}

async function findWaiting({ runs }: Ledger, plan: Plan): Promise<readonly RunRecord[]> {
  const disturbed = exclusiveResources(plan);
  const states = ['approved'] as const;
  const approved = await runs.list({ subject: plan.subject.name, states, limit: 1000 });
  const details = await Promise.all(approved.map(({ id }) => runs.get(id)));
  return details
    .filter((run) => exclusiveResources(run.plan).some((one) => disturbed.includes(one)))
    .map(toRecord);
}
