import { expect, it } from 'vitest';
import { openCluster } from './cluster.ts';

const EVICT = { name: 'evict-leader-scheduler', store_id: 2 };

it('empties stores one by one, persistently, and refills them afterwards', async () => {
  await using cluster = await openCluster();
  expect((await cluster.post('/schedulers', EVICT)).json).toBe('The scheduler is created.');
  expect((await cluster.post('/schedulers', { ...EVICT, store_id: 3 })).json).toBe(
    'The scheduler has been applied to the store.',
  );
  cluster.wait(5_000);
  expect(cluster.sim.model.stores().map((store) => store.leaderCount > 0)).toEqual([
    true,
    false,
    false,
    true,
    true,
  ]);
  expect((await cluster.delete('/scheduler-config/evict-leader-scheduler/delete/2')).text).toBe(
    'null\n',
  );
  expect(cluster.sim.model.evictedStores()).toEqual([3]);
  expect((await cluster.delete('/scheduler-config/evict-leader-scheduler/delete/3')).json).toBe(
    'The last store has been deleted',
  );
  expect(cluster.sim.model.schedulers()).not.toContain('evict-leader-scheduler');
  cluster.wait(20_000);
  const counts = cluster.sim.model.stores().map((store) => store.leaderCount);
  expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(5);
  expect(counts.reduce((sum, count) => sum + count)).toBe(100);
});

it('moves no leader while the leader schedule limit is zero or the scheduler is paused', async () => {
  await using cluster = await openCluster();
  await cluster.post('/config/schedule', { 'leader-schedule-limit': 0 });
  await cluster.post('/schedulers', EVICT);
  cluster.wait(10_000);
  expect(cluster.sim.model.store(2)?.leaderCount).toBe(20);
  await cluster.post('/schedulers/evict-leader-scheduler', { delay: 60 });
  await cluster.post('/config/schedule', { 'leader-schedule-limit': 4 });
  cluster.wait(10_000);
  expect(cluster.sim.model.store(2)?.leaderCount).toBe(20);
  await cluster.post('/schedulers/evict-leader-scheduler', { delay: 0 });
  cluster.wait(3_000);
  expect(cluster.sim.model.store(2)?.leaderCount).toBe(0);
});

it('keeps a region whose other replicas cannot lead where it is', async () => {
  await using cluster = await openCluster();
  const region = cluster.sim.model.regions().find((each) => each.leaderStoreId === 2);
  for (const peer of region?.peers ?? []) {
    if (peer.storeId !== 2) cluster.sim.faults.slowStore({ storeId: peer.storeId });
  }
  await cluster.post('/schedulers', EVICT);
  cluster.wait(10_000);
  expect(cluster.sim.model.region(region?.id ?? 0)?.leaderStoreId).toBe(2);
  expect(cluster.sim.model.store(2)?.leaderCount).toBeGreaterThan(0);
});

it('takes a store out of service: replicas leave within the limits, then it is a tombstone', async () => {
  await using cluster = await openCluster({ stores: 4, regions: 20 });
  expect((await cluster.delete('/store/4')).json).toBe('The store is set as Offline.');
  cluster.wait(10_000);
  expect(cluster.sim.model.store(4)?.state).toBe('Offline');
  cluster.wait(600_000);
  expect(cluster.sim.model.store(4)).toMatchObject({ state: 'Tombstone', regionCount: 0 });
  expect(cluster.sim.model.regions().every((region) => region.peers.length === 3)).toBe(true);
  const refused = await cluster.delete('/store/3');
  expect(refused.json).toBe(
    '[PD:core:ErrStoresNotEnough]can not remove store 3 since the number of up stores would be 2 while need 3',
  );
});

it('replaces replicas on a store that is down for half an hour', async () => {
  await using cluster = await openCluster({ stores: 4, regions: 12, spreadHeartbeats: false });
  cluster.sim.faults.silenceStore({ storeId: 1 });
  cluster.wait(15_000);
  expect(cluster.sim.model.store(1)?.state).toBe('Up');
  expect(cluster.sim.model.store(1)?.leaderCount).toBe(0);
  cluster.wait(15_000);
  expect(cluster.sim.model.store(1)?.state).toBe('Disconnected');
  cluster.wait(1_790_000);
  expect(cluster.sim.model.store(1)?.state).toBe('Down');
  cluster.wait(120_000);
  expect(cluster.sim.model.store(1)?.regionCount).toBe(0);
});

it('remembers that one of PD’s own schedulers is not wanted', async () => {
  await using cluster = await openCluster();
  expect((await cluster.delete('/schedulers/balance-leader-scheduler')).json).toBe(
    'The scheduler is removed.',
  );
  expect((await cluster.get('/schedulers?status=disabled')).json).toEqual([
    'balance-leader-scheduler',
  ]);
  expect((await cluster.get('/config/schedule')).text).toContain('"disable": true');
  cluster.sim.faults.restartLeader({ downMs: 0, startingMs: 0, warm: true });
  expect(cluster.sim.model.schedulers()).not.toContain('balance-leader-scheduler');
  await cluster.post('/schedulers', { name: 'balance-leader-scheduler' });
  expect((await cluster.get('/schedulers?status=disabled')).json).toEqual([]);
});
