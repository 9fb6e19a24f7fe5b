import { type Reply, message } from '../http/reply.ts';
import type { Route } from '../http/route.ts';
import { PdRefusal } from '../world/cluster/refusal.ts';
import { type Store, isTiFlash } from '../world/cluster/store.ts';
import { noticeRegions } from '../simulation/store-loop.ts';
import type { World } from '../world/world.ts';
import { withStoreId } from './stores.ts';

/** PD's remove-peer limit of a store that leaves. */
const UNLIMITED = 100_000_000;

/** The store that is to change its state; these texts carry PD's error code in both releases. */
function storeToChange(world: World, storeId: number): Store {
  const store = world.topology.stores.get(storeId);
  if (store === undefined)
    throw new PdRefusal(404, `[PD:core:ErrStoreNotFound]store ${storeId} not found`);
  if (store.state === 'Tombstone')
    throw new PdRefusal(410, `[PD:core:ErrStoreRemoved]store ${storeId} has been removed`);
  return store;
}

const deleteStore = withStoreId((world, storeId, request) => {
  if (world.faults.indexFrozen) {
    setOffline(world, storeToChange(world, storeId));
    return 'hang';
  }
  takeOffline(world, storeId, request.query.has('force'));
  return message(200, 'The store is set as Offline.');
});

function takeOffline(world: World, storeId: number, force: boolean): void {
  const store = storeToChange(world, storeId);
  if (store.state === 'Offline' && store.physicallyDestroyed === force) return;
  if (store.physicallyDestroyed) {
    throw new PdRefusal(
      400,
      `[PD:core:ErrStoreDestroyed]store ${storeId} has been physically destroyed`,
    );
  }
  if (!force) requireOthers(world, store);
  store.physicallyDestroyed = force;
  setOffline(world, store);
}

function setOffline(world: World, store: Store): void {
  store.leavingSince ??= world.clock.now();
  store.state = 'Offline';
  store.nodeState = 'Removing';
  store.limits.removePeer = UNLIMITED;
  noticeRegions(world, store);
}

function requireOthers(world: World, store: Store): void {
  if (isTiFlash(store)) return;
  const up = [...world.topology.stores.values()].filter(
    (other) => other.state === 'Up' && !isTiFlash(other),
  );
  const left = up.length - (store.state === 'Up' ? 1 : 0);
  const need = world.config.maxReplicas();
  if (left < need) {
    throw new PdRefusal(
      400,
      `[PD:core:ErrStoresNotEnough]can not remove store ${store.id} since the number of up stores would be ${left} while need ${need}`,
    );
  }
  if (up.some((other) => other !== store && other.pausedBy === undefined)) return;
  throw new PdRefusal(
    400,
    `[PD:core:ErrNoStoreForRegionLeader]can not remove store ${store.id} since there are no extra up store to store the leader`,
  );
}

const setState = withStoreId((world, storeId, request) => {
  const wanted = request.query.get('state') ?? '';
  const isUp = wanted.toLowerCase() === 'up';
  if (!isUp && wanted.toLowerCase() !== 'offline') {
    storeExists(world, storeId);
    return message(400, `invalid state ${wanted}`);
  }
  if (isUp) bringUp(world, storeId);
  else takeOffline(world, storeId, false);
  return message(200, "The store's state is updated.");
});

function storeExists(world: World, storeId: number): void {
  if (!world.topology.stores.has(storeId))
    throw new PdRefusal(404, `[PD:core:ErrStoreNotFound]store ${storeId} not found`);
}

function bringUp(world: World, storeId: number): void {
  const store = storeToChange(world, storeId);
  if (store.physicallyDestroyed) {
    throw new PdRefusal(
      400,
      `[PD:core:ErrStoreDestroyed]store ${storeId} has been physically destroyed`,
    );
  }
  if (store.state === 'Up') return;
  store.leavingSince = undefined;
  store.state = 'Up';
  store.nodeState = 'Serving';
  store.limits.removePeer = store.limits.addPeer;
}

function removeTombstones(world: World): Reply {
  const dead = [...world.topology.stores.values()].filter((store) => store.state === 'Tombstone');
  const holding = dead.filter((store) => store.counts.regions > 0);
  for (const store of dead) if (!holding.includes(store)) world.topology.stores.delete(store.id);
  if (holding.length === 0) return message(200, 'Remove tombstone successfully.');
  return message(500, `failed stores: ${holding.map((store) => store.id).join(', ')}`);
}

export const STORE_STATE_ROUTES: readonly Route[] = [
  { method: 'DELETE', path: '/pd/api/v1/store/:id', scope: 'cluster', handler: deleteStore },
  { method: 'POST', path: '/pd/api/v1/store/:id/state', scope: 'cluster', handler: setState },
  {
    method: 'DELETE',
    path: '/pd/api/v1/stores/remove-tombstone',
    scope: 'cluster',
    handler: removeTombstones,
  },
];
