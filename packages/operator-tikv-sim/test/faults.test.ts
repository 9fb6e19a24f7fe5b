import { request } from 'node:http';
import { expect, it } from 'vitest';
import { openCluster } from './cluster.ts';

const MOVE = { name: 'transfer-leader', region_id: 49, to_store_id: 2 };

it('cuts the connection after executing, before executing, or in the middle of the answer', async () => {
  await using cluster = await openCluster();
  cluster.sim.faults.dropAnswer({ method: 'POST', path: '/pd/api/v1/operators' });
  await expect(cluster.post('/operators', MOVE)).rejects.toThrow('fetch failed');
  expect(cluster.sim.model.runningOperator(49)).toMatch(/^admin-transfer-leader/);
  cluster.sim.faults.dropAnswer({ method: 'POST', when: 'before' });
  await expect(cluster.post('/operators', { ...MOVE, region_id: 53 })).rejects.toThrow(
    'fetch failed',
  );
  expect(cluster.sim.model.runningOperator(53)).toBeUndefined();
  cluster.sim.faults.dropAnswer({ path: '/pd/api/v1/stores', when: 'half' });
  await expect(cluster.get('/stores')).rejects.toThrow('terminated');
  expect((await cluster.get('/stores')).status).toBe(200);
  expect(cluster.sim.requests.map((each) => `${each.method} ${each.answer}`)).toEqual([
    'POST cut_after',
    'POST cut_before',
    'GET half',
    'GET sent',
  ]);
});

it('records every request it receives, once, with what became of it', async () => {
  await using cluster = await openCluster({ members: 2 });
  await cluster.get('/stores?state=0', { member: 1, headers: { 'X-Caller-ID': 'run 7' } });
  await cluster.post('/operators', MOVE);
  expect(cluster.sim.requests).toMatchObject([
    {
      index: 0,
      member: 'pd2',
      method: 'GET',
      path: '/pd/api/v1/stores?state=0',
      status: 200,
      headers: { 'x-caller-id': 'run 7' },
    },
    {
      index: 1,
      member: 'pd1',
      method: 'POST',
      body: JSON.stringify(MOVE),
      status: 200,
      answer: 'sent',
    },
  ]);
  cluster.sim.clearRequests();
  expect(cluster.sim.requests).toEqual([]);
});

it('answers with whatever is ordered, as often as ordered, without executing', async () => {
  await using cluster = await openCluster();
  cluster.sim.faults.answerWith({
    path: '/pd/api/v1/op*',
    times: 2,
    status: 429,
    body: 'Too Many Requests\n',
    headers: { 'Content-Type': 'text/plain' },
  });
  expect(await cluster.post('/operators', MOVE)).toMatchObject({
    status: 429,
    text: 'Too Many Requests\n',
  });
  expect((await cluster.get('/operators')).status).toBe(429);
  expect((await cluster.get('/operators')).json).toEqual([]);
  cluster.sim.faults.answerWith({ times: -1, status: 200, body: '<html>' });
  expect((await cluster.get('/stores')).text).toBe('<html>');
  cluster.sim.faults.clear();
  expect((await cluster.get('/stores')).json).toMatchObject({ count: 5 });
});

it('delays an answer in real time', async () => {
  await using cluster = await openCluster();
  cluster.sim.faults.delayAnswer({ path: '/pd/api/v1/ping', ms: 60_000 });
  await expect(cluster.get('/ping', { signal: AbortSignal.timeout(50) })).rejects.toThrow(
    'timeout',
  );
  expect((await cluster.get('/ping')).status).toBe(200);
});

it('refuses operators on demand', async () => {
  await using cluster = await openCluster();
  cluster.sim.faults.refuseOperator({ regionId: 53, text: 'no operator step is built' });
  expect((await cluster.post('/operators', MOVE)).status).toBe(200);
  expect(
    await cluster.post('/operators', { ...MOVE, region_id: 53, to_store_id: 3 }),
  ).toMatchObject({ status: 500, json: 'no operator step is built' });
  expect(
    (await cluster.post('/operators', { ...MOVE, region_id: 53, to_store_id: 3 })).status,
  ).toBe(200);
});

it('holds operators until their timeout', async () => {
  await using cluster = await openCluster();
  cluster.sim.faults.holdOperators();
  await cluster.post('/operators', MOVE);
  cluster.wait(59_000);
  expect(cluster.sim.model.runningOperator(49)).toBeDefined();
  cluster.wait(2_000);
  expect(cluster.sim.model.record(49)).toMatch(/^status: TIMEOUT.* timeout$/);
});

it('leaves a region leaderless, and one record in another’s hands', async () => {
  await using cluster = await openCluster();
  cluster.sim.faults.leaveLeaderless({ regionId: 49 });
  expect((await cluster.get('/region/id/49')).text).toContain('"leader":{"role_name":""}');
  expect((await cluster.post('/operators', MOVE)).json).toBe(
    'cannot build operator for region with no leader',
  );
  cluster.sim.faults.restoreLeader({ regionId: 49 });
  await cluster.post('/operators', MOVE);
  cluster.wait(200);
  cluster.sim.faults.takeOverRecord({ regionId: 49 });
  expect((await cluster.get('/operators/49')).json).toMatch(
    /^status: SUCCESS, operator: remove-orphan-peer/,
  );
});

it('ranks heated regions', async () => {
  await using cluster = await openCluster();
  cluster.sim.faults.heatRegion({ regionId: 53, writtenBytes: 5_000_000, writtenKeys: 100 });
  expect((await cluster.get('/regions/writeflow?limit=1')).json).toMatchObject({
    regions: [{ id: 53, written_bytes: 5_000_000 }],
  });
  expect((await cluster.get('/hotspot/regions/write')).text).toContain('"region_id": 53');
});

it('freezes its counts and half of its routes after an unknown type on 8.5, until the leader starts again', async () => {
  await using cluster = await openCluster();
  expect((await cluster.get('/regions/store/1?type=x')).json).toBe(
    'unknown sub tree region type x',
  );
  await cluster.post('/operators', MOVE);
  cluster.wait(500);
  expect(cluster.sim.model.region(49)?.leaderStoreId).toBe(2);
  expect(cluster.sim.model.store(1)?.leaderCount).toBe(20);
  await expect(
    cluster.get('/regions/store/1?type=leader', { signal: AbortSignal.timeout(100) }),
  ).rejects.toThrow('timeout');
  cluster.sim.faults.restartLeader({ downMs: 0, startingMs: 0, warm: true });
  expect(cluster.sim.model.store(1)?.leaderCount).toBe(19);
});

it('refuses a fault of a store, region or member that does not exist', async () => {
  await using cluster = await openCluster();
  expect(() => cluster.sim.faults.silenceStore({ storeId: 99 })).toThrow(
    'the simulated cluster has no store 99',
  );
  expect(() => cluster.sim.faults.leaveLeaderless({ regionId: 1 })).toThrow('no region 1');
  expect(() => cluster.sim.faults.moveLeader({ member: 'pd9' })).toThrow('no PD member pd9');
});

it('speaks HTTP as Go’s server does', async () => {
  await using cluster = await openCluster();
  const answer = await new Promise<{
    readonly status: number | undefined;
    readonly headers: NodeJS.Dict<string | string[]>;
  }>((resolve, reject) => {
    const sent = request(
      `${cluster.sim.endpoints[0] ?? ''}/pd/api/v1/stores`,
      { method: 'HEAD' },
      (response) => {
        response.resume();
        resolve({ status: response.statusCode, headers: response.headers });
      },
    );
    sent.on('error', reject).end();
  });
  expect(answer.status).toBe(405);
  expect(answer.headers).not.toHaveProperty('keep-alive');
  const listed = await fetch(`${cluster.sim.endpoints[0] ?? ''}/pd/api/v1/stores`);
  expect(listed.headers.get('transfer-encoding')).toBe('chunked');
  await listed.text();
});
