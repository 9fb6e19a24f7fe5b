import { DISCONNECTED_AFTER_MS, UNHEALTHY_AFTER_MS, silentFor } from './cluster/heartbeat.ts';
import { PdRefusal } from './cluster/refusal.ts';
import { type Store, isTiFlash } from './cluster/store.ts';
import { codedText } from './cluster/profile.ts';
import type { World } from './world.ts';
import { rejectsLeaders } from './placement-of.ts';
import { unsigned } from '../text/unsigned.ts';

export type StoreStateName = 'Up' | 'Offline' | 'Tombstone' | 'Disconnected' | 'Down';

/** The state that PD shows: silence is only visible while the store is Up. */
export function stateName(world: World, store: Store): StoreStateName {
  if (store.state !== 'Up') return store.state;
  const silent = silentFor(store, world.clock.now(), world.leadership.term.since);
  if (silent > world.config.maxStoreDownMs()) return 'Down';
  return silent > DISCONNECTED_AFTER_MS ? 'Disconnected' : 'Up';
}

export function isUnhealthy(world: World, store: Store): boolean {
  return silentFor(store, world.clock.now(), world.leadership.term.since) > UNHEALTHY_AFTER_MS;
}

/** True when PD would place a leader there. */
export function mayLead(world: World, storeId: number): boolean {
  const store = world.topology.stores.get(storeId);
  if (store === undefined || isTiFlash(store) || store.busy || store.pausedBy !== undefined)
    return false;
  return stateName(world, store) === 'Up' && !rejectsLeaders(world, store);
}

/** PD's check of a store that is to receive a replica. */
export function requireReceiver(world: World, storeId: number): Store {
  const store = world.topology.stores.get(storeId);
  if (store === undefined)
    throw new PdRefusal(500, `[PD:core:ErrStoreNotFound]store ${unsigned(storeId)} not found`);
  if (store.state === 'Tombstone')
    throw new PdRefusal(500, `[PD:core:ErrStoreRemoved]store ${storeId} has been removed`);
  if (isUnhealthy(world, store))
    throw new PdRefusal(500, `[PD:core:ErrStoreUnhealthy]store ${storeId} is unhealthy`);
  return store;
}

/** The store of a request's path, or PD's refusal of an unknown one. */
export function requireStore(world: World, storeId: number, status: number): Store {
  const store = world.topology.stores.get(storeId);
  if (store !== undefined) return store;
  throw new PdRefusal(
    status,
    codedText(world.profile, 'core:ErrStoreNotFound', `store ${storeId} not found`),
  );
}

/** True when the store's process answers its peers: the truth, which PD learns later. */
export function isAlive(store: Store | undefined): boolean {
  return (
    store !== undefined &&
    store.silence === undefined &&
    store.state !== 'Tombstone' &&
    store.beatingSince !== undefined
  );
}
