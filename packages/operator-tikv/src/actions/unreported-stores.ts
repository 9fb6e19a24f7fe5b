import type { PDRegion, PDStore } from '../pd/index.ts';
import { toReadOptions } from './operator-verification.ts';
import type { OperatorVerification } from './operator-verification.ts';

/** PD persists heartbeats every five minutes, and calls a store Disconnected after 20 s (PD API, stores). */
const SILENT_MS = 320_000;

/**
 * The store whose report to the present PD leader is missing, or `null` when none is. A new PD leader
 * shows a region as its predecessor knew it until the region's leader has sent a heartbeat; TiKV sends
 * one for each region when it connects to a new PD leader, and every minute. Which store leads is what
 * may have changed: each store with a peer must have reported, unless it has been silent for longer.
 */
export async function findUnreported(
  { context, targetStoreId }: OperatorVerification,
  region: PDRegion | null,
): Promise<number | null> {
  const stores = await context.subject.pd.getStores(toReadOptions(context));
  const ids = new Set([...(region?.peers ?? []).map(({ storeId }) => storeId), targetStoreId]);
  const newest = Math.max(...stores.map(({ lastHeartbeatMs }) => lastHeartbeatMs ?? 0));
  const missing = stores.find((store) => ids.has(store.id) && mayReport(store, newest));
  return missing?.id ?? null;
}

/** Sizes come with a store's heartbeat and are kept in the memory of the PD leader alone. */
function mayReport({ availableBytes, lastHeartbeatMs, state }: PDStore, newest: number): boolean {
  if (availableBytes !== null || state === 'Down' || state === 'Tombstone') return false;
  return lastHeartbeatMs !== null && newest - lastHeartbeatMs <= SILENT_MS;
}
