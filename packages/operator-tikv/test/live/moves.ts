import type { Plan } from 'operator-core';
import type { LiveCluster } from './cluster.ts';
import type { Movable } from './find-movable.ts';

/** A planned move of a healthy region, and its effect by PD's own word. */
export interface PlannedMove extends Movable {
  readonly plan: Plan;
  readonly isThere: () => Promise<boolean>;
}

/** Plans the move of a leader to another voter. */
export async function planLeaderMove(cluster: LiveCluster): Promise<PlannedMove> {
  const movable = await cluster.movable();
  const { regionId, follower } = movable;
  const plan = await cluster.plan('transfer_leader', {
    region_id: regionId,
    to_store_id: follower,
  });
  return { ...movable, plan, isThere: async () => (await cluster.leaderOf(regionId)) === follower };
}

/** Plans the move of a follower to a store without a peer, which takes several steps. */
export async function planPeerMove(cluster: LiveCluster): Promise<PlannedMove> {
  const movable = await cluster.movable();
  const { regionId, follower, free } = movable;
  const wanted = { region_id: regionId, from_store_id: follower, to_store_id: free };
  const plan = await cluster.plan('transfer_peer', wanted);
  const isThere = async (): Promise<boolean> => {
    const peers = await cluster.peersOf(regionId);
    return peers.includes(free) && !peers.includes(follower);
  };
  return { ...movable, plan, isThere };
}
