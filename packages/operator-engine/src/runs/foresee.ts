import type { Plan } from 'operator-core';
import type { GateContext } from '../gate/gate-context.ts';
import { resolveCall } from '../gate/resolve-call.ts';
import type { Decision } from '../ledger/approval.ts';
import type { Obstacle } from '../ledger/claim.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Mode } from '../ledger/mode.ts';
import type { RunPurpose } from '../ledger/run-record.ts';
import { decideIn } from './decide-about.ts';
import { findPurpose } from './find-purpose.ts';
import { describeObstacle } from './run-errors.ts';

/** Decision of the policy and obstacle in the ledger for a plan now. Both may differ when the plan is applied. */
export interface Foresight {
  readonly decision: Decision;
  /** Obstacle that would keep a run of it from starting now, or `null`. */
  readonly obstacle: Obstacle | null;
  /** The obstacle as a sentence without its full stop, or `null`. */
  readonly reason: string | null;
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
  return { decision, obstacle, reason: obstacle === null ? null : describeObstacle(obstacle) };
}

async function readMode(ledger: Ledger | null): Promise<Mode> {
  return ledger === null ? 'autonomous' : (await ledger.mode.get()).mode;
}
