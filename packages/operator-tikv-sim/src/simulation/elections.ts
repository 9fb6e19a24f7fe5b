import { type Peer, isVoting } from '../world/cluster/peer.ts';
import { type Region, peerOn } from '../world/cluster/region.ts';
import { isAlive } from '../world/store-health.ts';
import type { Store } from '../world/cluster/store.ts';
import type { World } from '../world/world.ts';

/** Raft's groups notice a dead leader after about ten seconds. */
const ELECTION_MS = 10_000;

/** After a store fell silent its regions elect other leaders where a majority is left; PD hears of it at once. */
export function scheduleElections(world: World, store: Store): void {
  world.clock.schedule(ELECTION_MS, () => {
    if (isAlive(store)) return;
    for (const region of store.leading) {
      const leader = electable(world, region);
      if (leader !== undefined) elect(world, region, leader);
    }
  });
}

/** A new leader sends its heartbeat at once. */
function elect(world: World, region: Region, leader: Peer): void {
  world.topology.setLeader(region, leader);
  world.topology.report(region);
}

/** A voter on a living store, if a majority of the voters lives. */
export function electable(world: World, region: Region): Peer | undefined {
  const voters = region.peers.filter(isVoting);
  const alive = voters.filter((peer) => isAlive(world.topology.stores.get(peer.storeId)));
  return alive.length * 2 > voters.length
    ? alive.find((peer) => !region.pending.has(peer.storeId))
    : undefined;
}

/** A store is back: regions that could not elect a leader do so now. */
export function electAfterWaking(world: World, store: Store): void {
  world.clock.schedule(1_000, () => {
    for (const region of store.hosting) {
      const held = region.leader === undefined ? undefined : peerOn(region, region.leader.storeId);
      if (held !== undefined && isAlive(world.topology.stores.get(held.storeId))) continue;
      const leader = electable(world, region);
      if (leader !== undefined && region.leader !== undefined) elect(world, region, leader);
    }
  });
}
