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

/** Evicts the leaders of stores 1 and 2 and waits until they are gone. */
export async function drainFirstTwo(cluster: Cluster): Promise<void> {
  await drainByHand(cluster, 1);
  await drainByHand(cluster, 2);
  for (let step = 0; step < 100; step += 1) {
    const counts = [1, 2].map((storeId) => cluster.sim.model.store(storeId)?.leaderCount);
    if (counts.every((count) => count === 0)) return;
    cluster.sim.clock.advance(1000);
  }
  throw new Error('the stores were not emptied');
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

/** Tells a store to leave, and keeps its peers where they are. */
export async function startRemoving(cluster: Cluster, storeId: number): Promise<void> {
  cluster.sim.faults.pauseCheckers();
  const { status, words } = await cluster.delete(`/store/${storeId}`);
  if (status !== 200) throw new Error(words);
}

/** Lets a store be silent for so many seconds, and keeps PD from replacing its peers. */
export function silence(cluster: Cluster, storeId: number, seconds: number): void {
  cluster.sim.faults.pauseCheckers();
  cluster.sim.faults.silenceStore({ storeId });
  cluster.sim.clock.advance(seconds * 1000);
}

/** Lets a store die so shortly ago that PD still shows it as Up. */
export async function missHeartbeat(cluster: Cluster, storeId: number): Promise<void> {
  cluster.sim.faults.silenceStore({ storeId, keepLeaders: true });
  for (let step = 0; step < 100; step += 1) {
    const beats = await readHeartbeats(cluster);
    const silentMs = Math.max(...beats.values()) - (beats.get(storeId) ?? 0);
    if (silentMs > 15_500 && cluster.sim.model.store(storeId)?.state === 'Up') return;
    cluster.sim.clock.advance(250);
  }
  throw new Error(`store ${storeId} was never silent and Up`);
}

async function readHeartbeats({ sim }: Cluster): Promise<ReadonlyMap<number, number>> {
  const answer = await fetch(`${sim.endpoints[0]}/pd/api/v1/stores`);
  const { stores } = (await answer.json()) as {
    stores: readonly { store: { id: number }; status: { last_heartbeat_ts: string } }[];
  };
  return new Map(
    stores.map(({ store, status }) => [store.id, Date.parse(status.last_heartbeat_ts)]),
  );
}

/** Gives region 9 a learner on a store, which PD does not take away again. */
export async function addLearner(cluster: Cluster, storeId: number): Promise<void> {
  cluster.sim.faults.pauseCheckers();
  await cluster.post('/operators', { name: 'add-learner', region_id: 9, store_id: storeId });
  cluster.sim.clock.advance(5000);
  const peers = cluster.sim.model.region(9)?.peers ?? [];
  if (peers.some((peer) => peer.storeId === storeId && peer.role === 'Learner')) return;
  throw new Error(`there is no learner on store ${storeId}`);
}

/** Lets an administrator's leader transfer of region 9 stand still. */
export async function holdTransfer(cluster: Cluster, toStoreId: number): Promise<void> {
  cluster.sim.faults.holdOperators();
  const body = { name: 'transfer-leader', region_id: 9, to_store_id: toStoreId };
  const { status, words } = await cluster.post('/operators', body);
  if (status !== 200) throw new Error(words);
}

/** Lets the eviction of the leaders of a store stand still. */
export async function holdEviction(cluster: Cluster, storeId: number): Promise<void> {
  cluster.sim.faults.holdOperators();
  await drainByHand(cluster, storeId);
  cluster.sim.clock.advance(1000);
}

/** Moves leaders to a store as an administrator would. */
export async function grantByHand(cluster: Cluster, storeId: number): Promise<void> {
  const body = { name: 'grant-leader-scheduler', store_id: storeId };
  const { status, words } = await cluster.post('/schedulers', body);
  if (status !== 200) throw new Error(words);
}

/** Lets an operator stand still that the grant-leader scheduler holds a store for. */
export async function grantHeld(cluster: Cluster, storeId: number): Promise<void> {
  await cluster.post('/config/schedule', { 'leader-schedule-limit': 0 });
  await grantByHand(cluster, storeId);
}

/** Ends the eviction of a store's leaders as an administrator would. */
export async function undrainByHand(cluster: Cluster, storeId: number): Promise<void> {
  const { status, words } = await cluster.delete(`${EVICT_LEADER}/${storeId}`);
  if (status !== 200) throw new Error(words);
}

/** Merges a region into its neighbour. */
export async function mergeAway(cluster: Cluster, regionId: number): Promise<void> {
  const target = cluster.sim.model.regions().find(({ id }) => id === regionId + 4);
  const body = {
    name: 'merge-region',
    source_region_id: regionId,
    target_region_id: target?.id ?? 0,
  };
  await cluster.post('/operators', body);
  cluster.sim.clock.advance(60_000);
  if (cluster.sim.model.region(regionId) !== undefined) throw new Error('it was not merged');
}

/** Moves a peer of region 9 to its end. */
export async function movePeer(cluster: Cluster, from: number, to: number): Promise<void> {
  const body = { name: 'transfer-peer', region_id: 9, from_store_id: from, to_store_id: to };
  await cluster.post('/operators', body);
  cluster.sim.clock.advance(10_000);
  if (!cluster.storesOf(9).includes(to)) throw new Error('it was not moved');
}

/** Moves the leader of region 9 to its end. */
export async function moveLeader(cluster: Cluster, to: number): Promise<void> {
  await cluster.post('/operators', { name: 'transfer-leader', region_id: 9, to_store_id: to });
  cluster.sim.clock.advance(10_000);
  if (cluster.leaderOf(9) !== String(to)) throw new Error('it was not moved');
}

/** Kills the PD leader and waits until another has just been elected: its schedulers run, and no store has reported to it. */
export function electAnother({ sim }: Cluster): void {
  const before = sim.model.leaderMember();
  sim.faults.loseLeader();
  for (let step = 0; step < 1000; step += 1) {
    const now = sim.model.leaderMember();
    // For a moment only the first of its schedulers is there.
    const isReady = sim.model.prepared() && sim.model.schedulers().length > 1;
    if (now !== undefined && now !== before && isReady) return;
    sim.clock.advance(20);
  }
  throw new Error('nobody was elected');
}
