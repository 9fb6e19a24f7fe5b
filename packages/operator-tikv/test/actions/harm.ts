import type { TikvSim } from 'operator-tikv-sim';
import { expect } from 'vitest';
import { ZONES } from './arrange-placement.ts';
import type { Cluster } from './support.ts';

/** The transfer of region 9's leader runs into its timeout. */
export function proveTimeout(cluster: Cluster): void {
  const before = cluster.leaderOf(9);
  cluster.sim.clock.advance(59_000);
  expect(cluster.sim.model.runningOperator(9)).toContain('admin-transfer-leader');
  cluster.sim.clock.advance(3000);
  expect(cluster.sim.model.record(9)).toContain('status: TIMEOUT');
  expect(cluster.leaderOf(9)).toBe(before);
}

/** The move of region 9's peer does not come to an end. */
export function proveHanging({ sim }: Cluster): void {
  sim.clock.advance(300_000);
  expect(sim.model.runningOperator(9)).toContain('admin-move-peer');
  expect(sim.model.region(9)?.pendingStoreIds).toEqual([4]);
}

/** Region 9 has peers on these stores in the end. */
export function provePeers(cluster: Cluster, storeIds: readonly number[]): void {
  cluster.sim.clock.advance(5000);
  expect(cluster.storesOf(9)).toEqual(storeIds);
}

/** Region 9 is led by this store in the end. */
export function proveLeader(cluster: Cluster, storeId: string): void {
  cluster.sim.clock.advance(30_000);
  expect(cluster.leaderOf(9)).toBe(storeId);
}

/** PD's checkers have removed the learner of a region: it has peers on these stores only. */
export function proveLearnerLost(
  { sim }: Cluster,
  regionId: number,
  storeIds: readonly number[],
): void {
  sim.clock.advance(20_000);
  const peers = sim.model.region(regionId)?.peers.map(({ storeId }) => storeId) ?? [];
  expect(peers.toSorted((one, other) => one - other)).toEqual(storeIds);
  expect(sim.model.record(regionId)).toContain('remove-orphan-peer');
}

/** Only store 4 is evicted now and after the PD leader has come to itself: store 2 no longer is. */
export function proveEvictionsLost({ sim }: Cluster): void {
  expect(sim.model.evictedStores()).toEqual([4]);
  sim.clock.advance(120_000);
  expect(sim.model.prepared()).toBe(true);
  expect(sim.model.evictedStores()).toEqual([4]);
}

/** These stores are in PD's list. */
export function proveEvicted(sim: TikvSim, storeIds: readonly number[]): void {
  expect(sim.model.evictedStores()).toEqual(storeIds);
}

/** The store is in PD's list and keeps its leaders all the same. */
export function proveNotDrained({ sim }: Cluster, storeId: number): void {
  sim.clock.advance(60_000);
  expect(sim.model.evictedStores()).toContain(storeId);
  expect(sim.model.store(storeId)?.leaderCount).toBeGreaterThan(0);
}

/** PD moves so many leaders at a time. */
export function proveLimit(sim: TikvSim, limit: number): void {
  expect(sim.model.scheduleConfig()).toMatchObject({ 'leader-schedule-limit': limit });
}

/** The leader of region 9 moves to store 2 and is moved back to store 1. */
export function proveLeaderBack(cluster: Cluster): void {
  cluster.sim.clock.advance(250);
  expect(cluster.leaderOf(9)).toBe('2');
  cluster.sim.clock.advance(20_000);
  expect(cluster.leaderOf(9)).toBe('1');
}

/** Region 9 comes to have a peer on store 4, and it is taken away again. */
export function proveTakenBack(cluster: Cluster): void {
  cluster.sim.clock.advance(1200);
  expect(cluster.storesOf(9)).toContain(4);
  cluster.sim.clock.advance(60_000);
  expect(cluster.storesOf(9)).not.toContain(4);
}

/** Region 9 comes to have two voters in one zone, and one of them moves away again. */
export function proveZonesApart(cluster: Cluster): void {
  const zones = (): readonly string[] =>
    cluster
      .storesOf(9)
      .map((storeId) => ZONES[storeId - 1] ?? '')
      .toSorted();
  cluster.sim.clock.advance(1200);
  expect(zones()).not.toEqual(['z1', 'z2', 'z3']);
  cluster.sim.clock.advance(60_000);
  expect(zones()).toEqual(['z1', 'z2', 'z3']);
}
