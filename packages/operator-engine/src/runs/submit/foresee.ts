import type { Plan } from 'operator-core';
import type { GateContext } from '../../subject/gate-context.ts';
import { resolveCall } from '../../planning/resolve-call.ts';
import type { Decision } from '../../ledger/approval.ts';
import type { Obstacle } from '../../ledger/claim.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Mode } from '../../ledger/mode.ts';
import { toRecord } from '../../ledger/run-record.ts';
import type { RunPurpose, RunRecord } from '../../ledger/run-record.ts';
import { decideIn } from './submit-run.ts';
import { exclusiveResources, findPurpose } from './find-purpose.ts';
import { describeObstacle } from '../execute/run-errors.ts';

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

/** Asks policy and the ledger about a plan. Records nothing, and makes no ledger. */
export async function foresee(
  context: GateContext,
  plan: Plan,
  signal: AbortSignal | undefined,
): Promise<Foresight> {
  const { services } = context;
  const call = await resolveCall(context, plan, signal);
  const ledger = services.hasLedger() ? await services.openLedger() : null;
  const purpose: RunPurpose =
    ledger === null ? { kind: 'change' } : await findPurpose(context, { ledger, plan, call });
  const question = { plan, call, requester: services.actor(), purpose };
  const decision = await decideIn(context, question, await readMode(ledger));
  const limits = services.policy().limitsFor({ plan, purpose: purpose.kind });
  const needsApproval = decision.kind === 'needs_approval';
  const obstacle = (await ledger?.runs.foresee({ plan, purpose, needsApproval, limits })) ?? null;
  const reason = obstacle === null ? null : describeObstacle(obstacle);
  const waiting = ledger === null ? [] : await findWaiting(ledger, plan);
  return { decision, obstacle, reason, waiting };
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

async function readMode(ledger: Ledger | null): Promise<Mode> {
  return ledger === null ? 'autonomous' : (await ledger.mode.get()).mode;
}
