import type { PDPeer, PDRegion } from '../../pd/index.ts';
import { findUnheard } from '../../reads/liveness.ts';
import { toReadOptions } from './operator-verification.ts';
import type { OperatorVerification } from './operator-verification.ts';

/**
 * The store whose report to the present PD leader is missing, or `null` when none is. A new PD leader
 * shows a region as its predecessor knew it until the region's leader has sent a heartbeat; TiKV sends
 * one for each region when it connects to a new PD leader, and every minute. Each store whose peer may lead
 * the region by now must have reported. A learner and a witness lead nothing, and PD moves a leader only to a
 * voter that it has seen: the target of a move counts from then on.
 */
export async function findUnreported(
  { context }: OperatorVerification,
  region: PDRegion | null,
): Promise<number | null> {
  const candidates = region?.peers.filter(mayLead) ?? [];
  const ids = new Set(candidates.map(({ storeId }) => storeId));
  const stores = await context.subject.pd.getStores(toReadOptions(context));
  return findUnheard(stores).find(({ id }) => ids.has(id))?.id ?? null;
}

function mayLead({ role, isWitness }: PDPeer): boolean {
  return role !== 'Learner' && !isWitness;
}
