import { expect, it } from 'vitest';
import { openCluster } from './cluster.ts';

it('forgets everything but what is persisted when the PD leader starts again', async () => {
  await using cluster = await openCluster();
  await cluster.post('/schedulers', { name: 'evict-leader-scheduler', store_id: 4 });
  cluster.wait(3_000);
  cluster.sim.faults.restartLeader({ downMs: 0, startingMs: 0 });
  expect(cluster.sim.model.prepared()).toBe(false);
  expect(cluster.sim.model.stores().map((store) => store.leaderCount)).toEqual([0, 0, 0, 0, 0]);
  expect((await cluster.get('/schedulers')).json).toEqual([]);
  expect((await cluster.get('/region/id/9')).text).toContain('"leader":{"role_name":""}');
  expect((await cluster.get('/regions/check/miss-peer')).json).toEqual({ count: 0, regions: [] });
  const refused = await cluster.post('/operators', {
    name: 'transfer-leader',
    region_id: 9,
    to_store_id: 2,
  });
  expect(refused.json).toBe('cannot build operator for region with no leader');
  cluster.wait(11_000);
  expect(cluster.sim.model.stores().every((store) => store.state === 'Up')).toBe(true);
  cluster.wait(20_000);
  const heard = cluster.sim.model.regions().filter((region) => region.reported).length;
  expect(heard).toBeGreaterThan(20);
  expect(heard).toBeLessThan(80);
  cluster.wait(32_000);
  expect(cluster.sim.model.prepared()).toBe(true);
  expect(cluster.sim.model.evictedStores()).toEqual([4]);
  expect(cluster.sim.model.stores().reduce((sum, store) => sum + store.leaderCount, 0)).toBe(100);
});

it('loses the persisted evictions when a store is added before the schedulers are back', async () => {
  await using cluster = await openCluster();
  await cluster.post('/schedulers', { name: 'evict-leader-scheduler', store_id: 4 });
  cluster.sim.faults.restartLeader({ downMs: 0, startingMs: 0 });
  const added = await cluster.post('/schedulers', { name: 'evict-leader-scheduler', store_id: 1 });
  expect(added.json).toBe('The scheduler is created.');
  cluster.wait(70_000);
  expect(cluster.sim.model.evictedStores()).toEqual([1]);
});

it('remembers the regions when it starts warm', async () => {
  await using cluster = await openCluster();
  cluster.sim.faults.restartLeader({ downMs: 0, startingMs: 0, warm: true });
  expect(cluster.sim.model.prepared()).toBe(true);
  expect(cluster.sim.model.store(1)?.leaderCount).toBe(20);
});

it('refuses connections while the process is down, then says that it has not started', async () => {
  await using cluster = await openCluster({ stepMs: 100 });
  cluster.sim.faults.restartLeader({ downMs: 500, startingMs: 1_000 });
  await expect(cluster.get('/ping')).rejects.toThrow('fetch failed');
  const answers: string[] = [];
  for (let turn = 0; turn < 200 && !answers.includes('200'); turn += 1) {
    answers.push(
      await cluster.get('/leader').then(
        ({ status, text }) => (status === 500 ? text.trim() : String(status)),
        () => 'refused',
      ),
    );
    await new Promise((resolve) => {
      setTimeout(resolve, 5);
    });
  }
  expect([...new Set(answers)]).toEqual([
    'refused',
    '[PD:server:ErrServerNotStarted]server not started',
    '200',
  ]);
});

it.each([
  [
    '8.5',
    10_700,
    '[PD:apiutil:ErrRedirect]redirect failed',
    '[PD:apiutil:ErrRedirectNoLeader]redirect finds no leader',
  ],
  ['6.5', 12_400, 'redirect failed', 'no leader'],
] as const)(
  '%s: followers name the dead leader for a while, then none, then a new one',
  async (version, deadMs, failed, none) => {
    await using cluster = await openCluster({ version, members: 3 });
    await cluster.post('/schedulers', { name: 'evict-leader-scheduler', store_id: 4 });
    cluster.sim.faults.loseLeader();
    await expect(cluster.get('/stores')).rejects.toThrow('fetch failed');
    cluster.wait(deadMs - 10);
    expect(await cluster.get('/stores', { member: 1 })).toMatchObject({
      status: 500,
      text: `${failed}\n`,
    });
    const named = await cluster.get('/leader', {
      member: 1,
      headers: { 'PD-Allow-follower-handle': 'true' },
    });
    expect(named.json).toMatchObject({ name: 'pd1' });
    cluster.wait(20);
    expect(await cluster.get('/stores', { member: 2 })).toMatchObject({
      status: 503,
      text: `${none}\n`,
    });
    cluster.wait(300);
    expect((await cluster.get('/leader', { member: 2 })).json).toMatchObject({ name: 'pd2' });
    expect(cluster.sim.model.evictedStores()).toEqual([4]);
    expect(cluster.sim.model.stores().reduce((sum, store) => sum + store.leaderCount, 0)).toBe(100);
  },
);

it('has followers forward, or answer for themselves when told so', async () => {
  await using cluster = await openCluster({ members: 3 });
  expect((await cluster.get('/stores', { member: 1 })).json).toMatchObject({ count: 5 });
  const own = { 'PD-Allow-follower-handle': 'false' };
  expect((await cluster.get('/stores', { member: 1, headers: own })).status).toBe(500);
  expect((await cluster.get('/regions/count', { member: 1, headers: own })).json).toMatchObject({
    count: 100,
  });
  const redirected = await cluster.get('/stores', {
    member: 1,
    headers: { 'PD-Redirector': 'pd9' },
  });
  expect(redirected.text).toBe('[PD:apiutil:ErrRedirectToNotLeader]redirect to not leader\n');
  expect((await cluster.get('/stores', { headers: { 'PD-Redirector': 'pd9' } })).status).toBe(200);
});

it('loses operators and pauses in a planned move, and keeps the schedulers', async () => {
  await using cluster = await openCluster({ members: 3 });
  await cluster.post('/operators', { name: 'transfer-leader', region_id: 49, to_store_id: 2 });
  await cluster.post('/schedulers/balance-leader-scheduler', { delay: 600 });
  cluster.wait(200);
  expect((await cluster.post('/leader/transfer/pd2', undefined)).json).toBe(
    'The transfer command is submitted.',
  );
  cluster.wait(200);
  expect(cluster.sim.model.leaderMember()).toBe('pd2');
  expect((await cluster.get('/operators/49')).status).toBe(500);
  expect((await cluster.get('/schedulers?status=paused')).json).toEqual([]);
  expect(cluster.sim.model.schedulers()).toContain('balance-leader-scheduler');
  expect(cluster.sim.model.region(49)?.leaderStoreId).toBe(2);
});

it('stays without leader while the quorum is lost, and leads again when it is back', async () => {
  await using cluster = await openCluster({ members: 3 });
  cluster.sim.faults.killMember({ member: 'pd2' });
  cluster.sim.faults.loseLeader();
  cluster.wait(60_000);
  expect((await cluster.get('/stores', { member: 2 })).text).toBe(
    '[PD:apiutil:ErrRedirect]redirect failed\n',
  );
  cluster.sim.faults.startMember({ member: 'pd1' });
  cluster.wait(6_000);
  expect(cluster.sim.model.leaderMember()).toBe('pd3');
  expect((await cluster.get('/stores', { member: 2 })).status).toBe(200);
});

it('hears of the regions of a dead store when they have other leaders, or when it is back', async () => {
  await using cluster = await openCluster();
  cluster.sim.faults.silenceStore({ storeId: 2, keepLeaders: true });
  cluster.sim.faults.restartLeader({ downMs: 0, startingMs: 0 });
  cluster.wait(70_000);
  expect(cluster.sim.model.regions().filter((region) => !region.reported)).toHaveLength(20);
  expect(cluster.sim.model.prepared()).toBe(false);
  cluster.sim.faults.wakeStore({ storeId: 2 });
  cluster.wait(62_000);
  expect(cluster.sim.model.prepared()).toBe(true);
  expect(cluster.sim.model.regions().every((region) => region.reported)).toBe(true);
});
