import type { PDRegion } from '../pd/index.ts';
import { findUnheard } from '../reads/liveness.ts';
import { toReadOptions } from './operator-verification.ts';
import type { OperatorVerification } from './operator-verification.ts';

/**
 * The store whose report to the present PD leader is missing, or `null` when none is. A new PD leader
 * shows a region as its predecessor knew it until the region's leader has sent a heartbeat; TiKV sends
 * one for each region when it connects to a new PD leader, and every minute. Any store with a peer may
 * lead the region by now, so that each must have reported.
 */
export async function findUnreported(
  { context, targetStoreId }: OperatorVerification,
  region: PDRegion | null,
): Promise<number | null> {
  const stores = await context.subject.pd.getStores(toReadOptions(context));
  const ids = new Set([...(region?.peers ?? []).map(({ storeId }) => storeId), targetStoreId]);
  return findUnheard(stores).find(({ id }) => ids.has(id))?.id ?? null;
}
