import type { Cluster } from './support.ts';

const EVICT_LEADER = '/scheduler-config/evict-leader-scheduler/delete';

/** Lets an operator of the balancer stand still, which moves a region's leader to store 1. Returns the region. */
export async function holdBalancing(cluster: Cluster): Promise<number> {
  const { sim } = cluster;
  await drainByHand(cluster, 1);
  sim.clock.advance(10_000);
  await cluster.delete(`${EVICT_LEADER}/1`);
  sim.faults.holdOperators();
  sim.clock.advance(3000);
  const held = sim.model.regions().find(({ id }) => {
    return sim.model.runningOperator(id)?.startsWith('balance-leader-scheduler') ?? false;
  });
  if (held === undefined) throw new Error('the balancer does nothing');
  return held.id;
}

/** Evicts the leaders of a store as an administrator would. */
export async function drainByHand(cluster: Cluster, storeId: number): Promise<void> {
  const { status, words } = await cluster.post('/schedulers', {
    name: 'evict-leader-scheduler',
    store_id: storeId,
  });
  if (status !== 200) throw new Error(words);
}

/** Stops the operators once a peer has moved half: the region stays in its joint state. Returns the region. */
export async function leaveInJointState(cluster: Cluster): Promise<number> {
  const regionId = 9;
  await cluster.post('/operators', {
    name: 'transfer-peer',
    region_id: regionId,
    from_store_id: 3,
    to_store_id: 4,
  });
  for (let step = 0; step < 100; step += 1) {
    const peers = cluster.sim.model.region(regionId)?.peers ?? [];
    if (peers.some(({ role }) => role === 'IncomingVoter')) {
      cluster.sim.faults.holdOperators();
      return regionId;
    }
    cluster.sim.clock.advance(20);
  }
  throw new Error('the region never came into a joint state');
}

/** Takes a store out of the cluster for good. */
export async function removeStore(cluster: Cluster, storeId: number): Promise<void> {
  const { status, words } = await cluster.delete(`/store/${storeId}`);
  if (status !== 200) throw new Error(words);
  for (let turn = 0; turn < 60; turn += 1) {
    if (cluster.sim.model.store(storeId)?.state === 'Tombstone') return;
    cluster.sim.clock.advance(10_000);
  }
  throw new Error(`store ${storeId} did not become a tombstone`);
}
