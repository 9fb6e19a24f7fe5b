import { expect, it } from 'vitest';
import { openCluster } from './cluster.ts';

const REFUSED = '[PD:operator:ErrAddOperator]failed to add operator, maybe already have one';

it('moves a leader: accepted, running, then done and remembered for ten minutes', async () => {
  await using cluster = await openCluster();
  const accepted = await cluster.post('/operators', {
    name: 'transfer-leader',
    region_id: 49,
    to_store_id: 2,
  });
  expect(accepted).toMatchObject({ status: 200, json: 'The operator is created.' });
  expect(cluster.sim.model.region(49)?.leaderStoreId).toBe(1);
  expect((await cluster.get('/operators/49')).json).toMatch(
    /^status: RUNNING, operator: admin-transfer-leader/,
  );
  cluster.wait(200);
  expect(cluster.sim.model.region(49)?.leaderStoreId).toBe(2);
  expect((await cluster.get('/operators/49')).json).toMatch(/^status: SUCCESS.* finished$/);
  cluster.wait(599_000);
  expect((await cluster.get('/operators/49')).status).toBe(200);
  cluster.wait(2_000);
  expect(await cluster.get('/operators/49')).toMatchObject({
    status: 500,
    json: '[PD:operator:ErrOperatorNotFound]operator not found',
  });
});

it('keeps the counts of the stores in step with every move', async () => {
  await using cluster = await openCluster();
  await cluster.post('/operators', {
    name: 'transfer-peer',
    region_id: 69,
    from_store_id: 2,
    to_store_id: 4,
  });
  cluster.wait(300);
  expect(
    cluster.sim.model.region(69)?.peers.map((peer) => `${peer.storeId} ${peer.role}`),
  ).toContain('4 Learner');
  cluster.wait(1_000);
  expect(cluster.sim.model.region(69)?.peers.map((peer) => peer.storeId)).toEqual([1, 3, 4]);
  const counted = cluster.sim.model.stores().map((store) => [store.leaderCount, store.regionCount]);
  const regions = cluster.sim.model.regions();
  const expected = [1, 2, 3, 4, 5].map((storeId) => [
    regions.filter((region) => region.leaderStoreId === storeId).length,
    regions.filter((region) => region.peers.some((peer) => peer.storeId === storeId)).length,
  ]);
  expect(counted).toEqual(expected);
});

it('refuses a second admin operator, and the refusal takes the record', async () => {
  await using cluster = await openCluster();
  await cluster.post('/operators', { name: 'transfer-leader', region_id: 49, to_store_id: 2 });
  cluster.wait(200);
  cluster.sim.faults.holdOperators();
  await cluster.post('/operators', {
    name: 'transfer-peer',
    region_id: 49,
    from_store_id: 3,
    to_store_id: 5,
  });
  const second = await cluster.post('/operators', {
    name: 'transfer-leader',
    region_id: 49,
    to_store_id: 1,
  });
  expect(second).toMatchObject({ status: 500, json: REFUSED });
  expect(cluster.sim.model.record(49)).toMatch(
    /^status: CANCEL, operator: admin-transfer-leader \{transfer leader: store 2 to 1\}/,
  );
  expect((await cluster.get('/operators/49')).json).toMatch(
    /^status: RUNNING, operator: admin-move-peer/,
  );
});

it('replaces an operator of lower priority, whose record says so', async () => {
  await using cluster = await openCluster();
  await cluster.post('/operators', { name: 'add-learner', region_id: 9, store_id: 5 });
  cluster.wait(500);
  cluster.sim.faults.holdOperators();
  cluster.wait(200);
  expect(cluster.sim.model.runningOperator(9)).toMatch(/^remove-orphan-peer/);
  expect(
    (await cluster.post('/operators', { name: 'transfer-leader', region_id: 9, to_store_id: 2 }))
      .status,
  ).toBe(200);
  expect(cluster.sim.model.record(9)).toMatch(/^status: REPLACE, operator: remove-orphan-peer/);
});

it('lets a checker take back a replica too many, and take over the record', async () => {
  await using cluster = await openCluster();
  await cluster.post('/operators', { name: 'add-peer', region_id: 77, store_id: 1 });
  cluster.wait(500);
  expect(cluster.sim.model.record(77)).toMatch(/^status: SUCCESS, operator: admin-add-peer/);
  cluster.wait(1_500);
  expect(cluster.sim.model.record(77)).toMatch(/^status: SUCCESS, operator: remove-orphan-peer/);
  expect(cluster.sim.model.region(77)?.peers).toHaveLength(3);
});

it('makes up for a removed replica', async () => {
  await using cluster = await openCluster();
  await cluster.post('/operators', { name: 'remove-peer', region_id: 85, store_id: 1 });
  cluster.wait(2_000);
  expect(cluster.sim.model.record(85)).toMatch(
    /add-rule-peer \{add peer: store \[\d\]\} \(kind:replica,region/,
  );
  expect(cluster.sim.model.region(85)?.peers).toHaveLength(3);
});

it('cleans up after a cancelled move: what was sent still happens, then it is taken back', async () => {
  await using cluster = await openCluster();
  await cluster.post('/operators', {
    name: 'transfer-peer',
    region_id: 69,
    from_store_id: 2,
    to_store_id: 4,
  });
  expect((await cluster.delete('/operators/69')).json).toBe('The pending operator is canceled.');
  expect(cluster.sim.model.record(69)).toMatch(/^status: CANCEL/);
  cluster.wait(160);
  expect(cluster.sim.model.region(69)?.peers).toHaveLength(4);
  cluster.wait(2_000);
  expect(cluster.sim.model.region(69)?.peers.map((peer) => peer.storeId)).toEqual([1, 2, 3]);
});

it('gives up an operator that was never started after three seconds', async () => {
  await using cluster = await openCluster();
  cluster.sim.faults.leaveUnstarted();
  expect(
    (await cluster.post('/operators', { name: 'transfer-leader', region_id: 49, to_store_id: 2 }))
      .status,
  ).toBe(200);
  expect((await cluster.get('/operators/49')).status).toBe(500);
  cluster.wait(3_000);
  expect(cluster.sim.model.record(49)).toMatch(
    /^status: TIMEOUT.*startAt:0001-01-01 00:00:00 \+0000 UTC, currentStep:0/,
  );
  expect(cluster.sim.model.region(49)?.leaderStoreId).toBe(1);
});

const REFUSALS = [
  [
    'an unknown region',
    { name: 'transfer-leader', region_id: 1, to_store_id: 2 },
    '[PD:region:ErrRegionNotFound]region 1 not found',
  ],
  [
    'the leader itself',
    { name: 'transfer-leader', region_id: 9, to_store_id: 1 },
    'no operator step is built',
  ],
  [
    'a store without replica',
    { name: 'transfer-leader', region_id: 9, to_store_id: 5 },
    'region has no voter in store 5',
  ],
  [
    'an unknown target',
    { name: 'transfer-peer', region_id: 9, from_store_id: 1, to_store_id: 99 },
    '[PD:core:ErrStoreNotFound]store 99 not found',
  ],
  [
    'a source without replica',
    { name: 'transfer-peer', region_id: 9, from_store_id: 5, to_store_id: 4 },
    'region has no peer in store 5',
  ],
] as const;

it.each(REFUSALS)('refuses %s in PD’s words and leaves no record', async (_case, body, text) => {
  await using cluster = await openCluster();
  expect(await cluster.post('/operators', body)).toMatchObject({ status: 500, json: text });
  expect(cluster.sim.model.record(9)).toBeUndefined();
});

it.each(['busy', 'evicting', 'offline', 'disconnected'] as const)(
  'allows no leader on a store that is %s',
  async (state) => {
    await using cluster = await openCluster();
    if (state === 'busy') cluster.sim.faults.slowStore({ storeId: 2 });
    if (state === 'evicting')
      await cluster.post('/schedulers', { name: 'evict-leader-scheduler', store_id: 2 });
    if (state === 'offline') await cluster.delete('/store/2');
    if (state === 'disconnected') {
      cluster.sim.faults.silenceStore({ storeId: 2, keepLeaders: true });
      cluster.wait(31_000);
    }
    const answer = await cluster.post('/operators', {
      name: 'transfer-leader',
      region_id: 9,
      to_store_id: 2,
    });
    expect(answer).toMatchObject({
      status: 500,
      json: 'cannot create operator: target leader is not allowed',
    });
  },
);

it('refuses a leader on a lagging or down replica', async () => {
  await using cluster = await openCluster();
  cluster.sim.faults.setPendingPeer({ regionId: 9, storeId: 2 });
  const lagging = await cluster.post('/operators', {
    name: 'transfer-leader',
    region_id: 9,
    to_store_id: 2,
  });
  expect(lagging.json).toBe('cannot transfer leader to 2: unhealthy');
  cluster.sim.faults.clearPeerFaults({ regionId: 9 });
  cluster.sim.faults.setDownPeer({ regionId: 9, storeId: 3, seconds: 400 });
  expect((await cluster.get('/region/id/9')).text).toContain(
    '"down_peers":[{"peer":{"role_name":"Voter","id":8,"store_id":3},"down_seconds":400}]',
  );
  expect((await cluster.get('/regions/check/down-peer')).json).toMatchObject({ count: 1 });
});

it('keeps leaders off TiFlash, whose replicas are learners that no checker removes', async () => {
  await using cluster = await openCluster({ tiflashStores: 1 });
  const region = cluster.sim.model.regions()[0];
  expect(
    region?.peers.filter((peer) => peer.role === 'Learner').map((peer) => peer.storeId),
  ).toEqual([6]);
  const refused = await cluster.post('/operators', {
    name: 'transfer-leader',
    region_id: region?.id,
    to_store_id: 6,
  });
  expect(refused.json).toBe('region has no voter in store 6');
  cluster.wait(60_000);
  expect(cluster.sim.model.store(6)?.regionCount).toBe(100);
  expect((await cluster.get('/store/6')).text).toContain('"value": "tiflash"');
});

it('reads huge, negative and broken ids as Go does', async () => {
  await using cluster = await openCluster();
  const told = async (region: string) =>
    (
      await cluster.get('/operators', {
        method: 'POST',
        body: `{"name":"transfer-leader","region_id":${region},"to_store_id":2}`,
      })
    ).json;
  expect(await told('-1')).toContain('region 18446744073709551615 not found');
  expect(await told('9007199254740993')).toContain('region 9007199254740992 not found');
  expect(await told('1e30')).toContain('region 9223372036854775808 not found');
  expect(await told('"9"')).toBe('missing region id');
});

it('stops operators with the PD leader: a step that TiKV has is carried out, and the next one never', async () => {
  await using cluster = await openCluster({ members: 3 });
  await cluster.post('/operators', {
    name: 'transfer-peer',
    region_id: 69,
    from_store_id: 2,
    to_store_id: 4,
  });
  cluster.sim.faults.loseLeader();
  cluster.wait(5_000);
  const peers = (): readonly string[] =>
    (cluster.sim.model.region(69)?.peers ?? []).map(({ storeId, role }) => `${storeId} ${role}`);
  expect(peers()).toContain('4 Learner');
  expect(peers()).toContain('2 Voter');
  cluster.wait(6_500);
  expect(cluster.sim.model.leaderMember()).toBe('pd2');
  expect(cluster.sim.model.runningOperator(69)).not.toMatch(/^admin-move-peer/u);
  cluster.wait(5_000);
  const records = await cluster.get('/operators/records?from=0', { member: 1 });
  expect(records.json).toEqual([expect.stringMatching(/^remove-orphan-peer .* finished /u)]);
  expect(peers()).not.toContain('4 Learner');
});
