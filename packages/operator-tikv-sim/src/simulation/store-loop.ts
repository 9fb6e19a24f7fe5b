import type { Store } from '../world/cluster/store.ts';
import { stateName } from '../world/store-health.ts';
import type { World } from '../world/world.ts';

/** PD looks at its stores this often: empty ones that leave become tombstones, new ones start to serve. */
const LOOP_MS = 10_000;
/** Below so many regions a new store serves at once. */
const SERVE_AT_ONCE_REGIONS = 100;

export function startStoreLoop(world: World): void {
  const noticedDown = new Set<number>();
  const turn = (): void => {
    if (world.leadership.leader !== undefined) {
      for (const store of world.topology.stores.values()) check(world, store, noticedDown);
    }
    world.clock.schedule(LOOP_MS, turn);
  };
  world.clock.schedule(LOOP_MS, turn);
}

function check(world: World, store: Store, noticedDown: Set<number>): void {
  if (store.state === 'Offline') {
    if (store.counts.regions === 0) bury(store);
    else noticeRegions(world, store);
  }
  const isServing = world.topology.regions.size < SERVE_AT_ONCE_REGIONS;
  if (store.state === 'Up' && store.nodeState === 'Preparing' && isServing)
    store.nodeState = 'Serving';
  const isDown = stateName(world, store) === 'Down';
  if (isDown && !noticedDown.has(store.id)) noticeRegions(world, store);
  if (isDown) noticedDown.add(store.id);
  else noticedDown.delete(store.id);
}

function bury(store: Store): void {
  store.state = 'Tombstone';
  store.nodeState = 'Removed';
}

/** The checkers will take the replicas elsewhere. */
export function noticeRegions(world: World, store: Store): void {
  world.checker.noticeAll([...store.hosting].map((region) => region.id));
}
