import type { PDStore } from '../../pd/index.ts';
import type { Scheduling } from '../../reads/scheduling.ts';
import { findUnheard, whyStateUnknown } from '../../reads/liveness.ts';
import { refuseForDrain, refuseWith } from './refusals.ts';
import type { RefusalCode } from './refusals.ts';
import { refuseSilence } from './target-silence.ts';

/** Refuses a store that can take neither leaders nor peers. */
export function requireTargetStore(
  target: PDStore,
  { stores, scheduling }: { stores: readonly PDStore[]; scheduling: Scheduling },
): void {
  refuseTiFlash(target);
  refuseSilentState(target, stores);
  refuseOffline(target);
  refuseSilence(target, stores);
  refuseBusy(target);
  refuseDrained(target, scheduling);
}

/**
 * Refuses a store that cannot take a learner. A learner never leads, so that a drained store may have it;
 * those of TiFlash stay on TiFlash stores.
 */
export function requireLearnerTarget(
  target: PDStore,
  { stores, giver }: { stores: readonly PDStore[]; giver: PDStore },
): void {
  if (!giver.isTiFlash) refuseTiFlash(target);
  if (giver.isTiFlash && !target.isTiFlash) refuseLeavingTiFlash(giver, target);
  refuseSilentState(target, stores);
  refuseOffline(target);
  refuseSilence(target, stores);
  refuseBusy(target);
}

/** The store, which must exist and not be a tombstone. */
export function requireStore(store: PDStore | null, storeId: number): PDStore {
  if (store === null) {
    refuseWith('STORE_NOT_FOUND', `There is no store ${storeId}.`, { storeId: String(storeId) });
  }
  if (store.state === 'Tombstone') refuseByState(store, 'STORE_TOMBSTONE');
  return store;
}

/** Refuses a TiFlash store. */
export function refuseTiFlash(store: PDStore): void {
  if (!store.isTiFlash) return;
  refuseWith('STORE_IS_TIFLASH', `Store ${store.id} is a TiFlash store.`, {
    storeId: String(store.id),
    labels: store.labels,
  });
}

function refuseLeavingTiFlash(giver: PDStore, target: PDStore): void {
  refuseWith(
    'STORE_IS_TIFLASH',
    `Store ${giver.id} is a TiFlash store and store ${target.id} is not: a learner of TiFlash fits on TiFlash stores only.`,
    { storeId: String(giver.id), toStoreId: String(target.id), labels: giver.labels },
  );
}

/** Refuses a store that PD has not heard for more than 20 s, and one whose state is not known yet. */
function refuseSilentState(store: PDStore, stores: readonly PDStore[]): void {
  refuseUnheard(store, stores);
  if (store.state === 'Down') refuseByState(store, 'STORE_DOWN');
  if (store.state === 'Disconnected') refuseByState(store, 'STORE_DISCONNECTED');
}

/** Refuses a store whose state the PD leader knows from an earlier leader only. */
export function refuseUnheard(store: PDStore, stores: readonly PDStore[]): void {
  const reason = whyStateUnknown(store, stores);
  if (reason === null) return;
  refuseWith('CLUSTER_NOT_READY', `The state of store ${store.id} is not known: ${reason}.`, {
    storeId: String(store.id),
    shownState: store.state,
    unheardStoreIds: findUnheard(stores).map(({ id }) => String(id)),
  });
}

function refuseOffline(store: PDStore): void {
  if (store.state === 'Offline') refuseByState(store, 'STORE_OFFLINE');
}

function refuseByState(store: PDStore, code: RefusalCode): never {
  const { id, state, lastHeartbeatMs } = store;
  return refuseWith(code, `Store ${id} is ${state}.`, {
    storeId: String(id),
    state,
    lastHeartbeat: lastHeartbeatMs === null ? null : new Date(lastHeartbeatMs).toISOString(),
  });
}

function refuseBusy(store: PDStore): void {
  if (!store.isBusy) return;
  refuseWith('STORE_BUSY', `Store ${store.id} says that it is busy.`, {
    storeId: String(store.id),
  });
}

function refuseDrained(store: PDStore, scheduling: Scheduling): void {
  if (!scheduling.evictedStoreIds.includes(store.id)) return;
  refuseForDrain('STORE_BEING_DRAINED', `Leaders are being evicted from store ${store.id}.`, {
    storeId: String(store.id),
    drainedStoreIds: scheduling.evictedStoreIds.map(String),
  });
}
