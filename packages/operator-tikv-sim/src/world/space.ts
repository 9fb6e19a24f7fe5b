import type { Store } from './cluster/store.ts';
import type { World } from './world.ts';

const MIB = 1024 ** 2;
/** PD does not mind a nearly full disk while a store has few regions and this much space. */
const ENOUGH_BYTES = 8 * 1024 ** 3;
const FEW_REGIONS = 100;

/** Bytes used on a store's disk, by its regions and by other programs. */
export function usedBytes(store: Store): number {
  return Math.min(store.capacityBytes, store.dataMiB * MIB + store.foreignBytes);
}

/** True when PD considers the store too full to receive replicas. */
export function isLowOnSpace(world: World, store: Store): boolean {
  const available = store.capacityBytes - usedBytes(store);
  if (store.counts.regions < FEW_REGIONS && available > ENOUGH_BYTES) return false;
  const ratio = Number(world.config.scheduleValue('low-space-ratio') ?? 0.8);
  return available / store.capacityBytes < 1 - ratio;
}
