import type { Quantity } from 'operator-core';
import type { PDStore } from '../../pd/index.ts';
import type { Scheduling } from '../../reads/scheduling.ts';
import { findUnheard } from '../../reads/liveness.ts';
import { refuseWith } from './refusals.ts';

/** The label with the zone of a store, by the name in PD's own examples of location labels. */
const ZONE = 'zone';

/** The stores other than `store` that may lead: leaders that leave it can go there. */
export function otherLeaderStores(
  store: PDStore | null,
  stores: readonly PDStore[],
  { evictedStoreIds }: Scheduling,
): readonly PDStore[] {
  return stores.filter(
    (other) =>
      other.id !== store?.id &&
      other.state === 'Up' &&
      other.isHeard &&
      !other.isTiFlash &&
      !evictedStoreIds.includes(other.id),
  );
}

/** Refuses when `store` is the last one that may lead. */
export function requireOtherLeaderStore(
  store: PDStore,
  stores: readonly PDStore[],
  scheduling: Scheduling,
): void {
  if (otherLeaderStores(store, stores, scheduling).length > 0) return;
  const unheardStoreIds = findUnheard(stores).map(({ id }) => String(id));
  if (unheardStoreIds.length > 0) {
    refuseWith('CLUSTER_NOT_READY', 'The PD leader has yet to hear from the other stores.', {
      storeId: String(store.id),
      unheardStoreIds,
    });
  }
  refuseWith('LAST_LEADER_STORE', `No store but ${store.id} is left that may hold leaders.`, {
    storeId: String(store.id),
    drainedStoreIds: scheduling.evictedStoreIds.map(String),
    stores: stores.map(({ id, state }) => ({ storeId: String(id), state })),
  });
}

/** Number of stores of the same zone that may still lead; nothing when the store has no zone. */
export function toZoneImpact(store: PDStore, others: readonly PDStore[]): readonly Quantity[] {
  const zone = store.labels[ZONE];
  if (zone === undefined) return [];
  const value = others.filter(({ labels }) => labels[ZONE] === zone).length;
  return [{ name: 'stores left in its zone', value, unit: 'count' }];
}
