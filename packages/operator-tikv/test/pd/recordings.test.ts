import { describe, expect, it } from 'vitest';

import type { PDClient } from '../../src/pd/index.ts';
import { PDError } from '../../src/pd/index.ts';
import { startFakePd } from './support/fake-pd.ts';
import type { Exchange } from './support/recordings.ts';
import { findExchange, loadAll, loadRecording, VERSIONS } from './support/recordings.ts';
import { connect, replay, replyOf } from './support/replay.ts';

describe.each(VERSIONS)('what PD %s was recorded to answer', (version) => {
  const ask = async <Value>(
    file: string,
    name: string,
    call: (client: PDClient) => Promise<Value>,
  ): Promise<Value> => {
    const { client } = await replay(version, file, name);
    return await call(client);
  };
  const recorded = (file: string, name: string): string =>
    findExchange(version, file, name).response.body;

  it('members, with 64-bit ids digit by digit', async () => {
    const exchange = findExchange(version, 'members', 'bootstrapped: members');
    const pd = await startFakePd(() => replyOf(exchange), { identity: clusterIdOf(exchange) });
    const { client } = await connect(() => replyOf(exchange), { endpoints: [pd.endpoint] });
    const members = await client.getMembers();
    await pd.stop();
    const clusterId = clusterIdOf(exchange);
    const [, memberId] = /"member_id": (\d+)/u.exec(exchange.response.body) ?? [];
    expect(Number.isSafeInteger(Number(clusterId))).toBe(false);
    expect(members.clusterId).toBe(clusterId);
    expect(members.members).toHaveLength(1);
    expect(members.leader).toStrictEqual({
      name: 'pd1',
      memberId,
      clientUrls: [expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/u)],
      peerUrls: [expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/u)],
      leaderPriority: 0,
      version,
    });
    expect(members.etcdLeader).toStrictEqual(members.leader);
  });

  it('members before the cluster is bootstrapped', async () => {
    const exchange = findExchange(version, 'members', 'unbootstrapped: members');
    const pd = await startFakePd(() => replyOf(exchange), { identity: clusterIdOf(exchange) });
    const { client } = await connect(() => replyOf(exchange), { endpoints: [pd.endpoint] });
    expect((await client.getMembers()).clusterId).toMatch(/^\d{19}$/u);
    await pd.stop();
  });

  it('cluster and its status', async () => {
    const cluster = await ask('members', 'bootstrapped: cluster', (client) => client.getCluster());
    expect(recorded('members', 'bootstrapped: cluster')).toContain(`"id": ${cluster.id},`);
    const status = await ask('members', 'bootstrapped: cluster status', (client) =>
      client.getClusterStatus(),
    );
    expect(status).toStrictEqual({
      isBootstrapped: true,
      bootstrappedAtMs: expect.any(Number),
    });
    const before = await ask('members', 'unbootstrapped: cluster status', (client) =>
      client.getClusterStatus(),
    );
    expect(before).toStrictEqual({
      isBootstrapped: false,
      bootstrappedAtMs: null,
    });
  });

  it('health and status', async () => {
    const health = await ask('members', 'bootstrapped: health', (client) => client.getHealth());
    expect(health).toMatchObject([{ name: 'pd1', isHealthy: true }]);
    expect(recorded('members', 'bootstrapped: health')).toContain(
      `"member_id": ${health[0]?.memberId}`,
    );
    const { client, pd } = await replay(version, 'members', 'bootstrapped: status');
    const before = Math.floor(Date.now() / 1000) * 1000;
    const status = await client.getStatus(pd.endpoint);
    expect(status).toMatchObject({ endpoint: pd.endpoint, version });
    expect(status.serverTimeMs).toBeGreaterThanOrEqual(before);
    expect(status.clusterId).toMatch(/^\d{17,20}$/u);
    expect(pd.requests.map(({ headers }) => headers['pd-allow-follower-handle'])).toStrictEqual([
      'true',
    ]);
  });

  it('stores', async () => {
    const stores = await ask('stores', 'all', (client) => client.getStores());
    const document = JSON.parse(recorded('stores', 'all')) as {
      stores: { status: { leader_count: number } }[];
    };
    expect(stores.map(({ id }) => id)).toStrictEqual([1, 2, 3, 4, 5]);
    expect(stores.reduce((sum, { leaderCount }) => sum + leaderCount, 0)).toBe(
      document.stores.reduce((sum, { status }) => sum + status.leader_count, 0),
    );
    const [first] = stores;
    expect(first).toMatchObject({
      address: '127.0.0.1:20161',
      statusAddress: '127.0.0.1:20181',
      version: version.slice(1),
      state: 'Up',
      isTiFlash: false,
      capacityBytes: 1024 ** 4,
      availableBytes: 1018 * 1024 ** 3,
      isBusy: false,
    });
    for (const { lastHeartbeatMs, isHeard } of stores) {
      expect(recorded('stores', 'all')).toContain(`"last_heartbeat": ${lastHeartbeatMs}`);
      expect(isHeard).toBe(true);
    }
  });

  it('a store that has never sent a heartbeat', async () => {
    const stores = await ask('stores', 'stores six', (client) => client.getStores());
    expect(stores.at(-1)).toMatchObject({
      state: 'Down',
      lastHeartbeatMs: null,
      isHeard: false,
      capacityBytes: 0,
    });
  });

  it('one store: labels, Offline, unknown', async () => {
    const labelled = await ask('stores', 'store with labels', (client) => client.getStore(1));
    expect(labelled?.labels).toStrictEqual({ zone: 'z2' });
    const offline = await ask('stores', 'offline store', (client) => client.getStore(5));
    expect(offline).toMatchObject({ id: 5, state: 'Offline' });
    await expect(ask('stores', 'gone', (client) => client.getStore(142_043))).resolves.toBeNull();
  });

  it('one region, and one that PD does not know', async () => {
    const id = version === 'v8.5.7' ? 201 : 209;
    const region = await ask('regions', 'region known', (client) => client.getRegion(id));
    const document = JSON.parse(recorded('regions', 'region known')) as Record<string, unknown>;
    expect(region).toMatchObject({
      id,
      startKey: document['start_key'],
      endKey: document['end_key'],
      epoch: { confVer: expect.any(Number), version: expect.any(Number) },
      approximateSizeMiB: 96,
      downPeers: [],
      pendingPeers: [],
    });
    expect(region?.peers).toHaveLength(3);
    expect(region?.peers).toContainEqual(region?.leader);
    const unknown = await ask('regions', 'region unknown', (client) => client.getRegion(999_999));
    expect(unknown).toBeNull();
  });

  it('another region than the requested one is not accepted as an answer', async () => {
    await expect(
      ask('regions', 'region known', (client) => client.getRegion(7)),
    ).rejects.toMatchObject({
      code: 'PD_RESPONSE_INVALID',
      message: expect.stringContaining('$.id'),
    });
  });

  it('pages of regions', async () => {
    const first = await ask('regions', 'page first', (client) =>
      client.getRegionsByKey({ limit: 3 }),
    );
    expect(first).toHaveLength(3);
    expect(first[0]?.startKey).toBe('');
    expect(first[1]?.startKey).toBe(first[0]?.endKey);
    const last = await ask('regions', 'page last', (client) =>
      client.getRegionsByKey({ startKey: 'FF' }),
    );
    expect(last.map(({ endKey }) => endKey)).toStrictEqual(['']);
    const found = await ask('regions', 'page first', (client) => client.getRegionByKey('00'));
    expect(found).toStrictEqual(first[0]);
  });

  it('lists of regions', async () => {
    const none = await ask('regions', 'regions of unknown store', (client) =>
      client.getRegionsOfStore(999),
    );
    expect(none).toStrictEqual([]);
    const count = await ask('regions', 'count', (client) => client.getRegionCount());
    expect(count).toBeGreaterThan(99);
    const top = await ask('hot', 'top writeflow', (client) => client.getTopRegions('writeflow', 3));
    expect(top.map(({ writtenBytes }) => writtenBytes)).toStrictEqual(
      top.map(({ writtenBytes }) => writtenBytes).toSorted((one, other) => other - one),
    );
    expect(top[0]?.writtenBytes).toBeGreaterThan(0);
    const checked = await ask('regions', 'check miss-peer', (client) =>
      client.getRegionCheck('miss-peer'),
    );
    expect(checked).toStrictEqual([]);
  });

  it('hotspots', async () => {
    const hot = await ask('hot', 'write', (client) => client.getHotRegions('write'));
    if (hot === null) throw new Error('no hot regions');
    expect(hot.asLeader.map(({ storeId }) => storeId)).toStrictEqual([1, 2, 3, 4, 5]);
    const hottest = hot.asLeader.flatMap(({ regions }) => regions);
    expect(hottest.length).toBeGreaterThan(0);
    for (const region of hottest) {
      expect(region).toMatchObject({ isLeader: true, isLearner: false });
      expect(region.bytesPerSecond).toBeGreaterThan(0);
      expect(region.lastUpdateMs).toBeGreaterThan(Date.parse('2026-11-21'));
    }
    const cold = await ask('hot', 'read', (client) => client.getHotRegions('read'));
    expect(cold?.asPeer.flatMap(({ regions }) => regions)).toStrictEqual([]);
    const stores = await ask('hot', 'stores', (client) => client.getHotStores());
    expect(stores.map(({ storeId }) => storeId)).toStrictEqual([1, 2, 3, 4, 5]);
    expect(stores[0]?.writeBytesPerSecond).toBeGreaterThan(0);
    expect(stores[3]).toMatchObject({ readBytesPerSecond: 0, readKeysPerSecond: 0 });
  });

  it('running operators', async () => {
    const none = await ask('operators', 'list empty', (client) => client.getOperators());
    expect(none).toStrictEqual([]);
    const [running] = await ask('operators', 'list running', (client) => client.getOperators());
    expect(running).toMatchObject({
      regionId: 61,
      description: 'admin-move-region',
      brief: 'mv peer: store [4] to [2]',
      epoch: { confVer: 1, version: 1 },
      timeoutMs: 18 * 60_000,
    });
    expect(running?.steps).toHaveLength(5);
    expect(running).toMatchObject({
      kinds: ['admin', 'region', 'leader'],
      createdAtMs: expect.any(Number),
      startedAtMs: expect.any(Number),
    });
  });

  it('the operator of a region, running, done and unknown', async () => {
    const running = await ask('operators', 'status running', (client) => client.getOperator(49));
    const done = await ask('operators', 'status success', (client) => client.getOperator(49));
    expect(running).toMatchObject({
      status: 'RUNNING',
      description: 'admin-transfer-leader',
      currentStep: 0,
    });
    expect(done).toMatchObject({
      status: 'SUCCESS',
      brief: 'transfer leader: store 1 to 2',
      currentStep: 1,
    });
    const none = await ask('operators', 'records from the future', (client) =>
      client.getOperator(999_999),
    );
    expect(none).toBeNull();
  });

  it('finished operators', async () => {
    const records = await ask('operators', 'records with one', (client) =>
      client.getOperatorRecords(1),
    );
    expect(records.find(({ regionId }) => regionId === 49)).toMatchObject({
      description: 'admin-transfer-leader',
      marker: 'finished',
    });
    const none = await ask('operators', 'records from the future', (client) =>
      client.getOperatorRecords(9_999_999_999),
    );
    expect(none).toStrictEqual([]);
  });

  it('schedulers', async () => {
    const enabled = await ask('schedulers', 'list', (client) => client.getSchedulers());
    expect(enabled).toContain('balance-leader-scheduler');
    const paused = await ask('schedulers', 'paused one with times', (client) =>
      client.getPausedSchedulers(),
    );
    expect(paused).toMatchObject([
      { name: 'balance-leader-scheduler', resumesAtMs: expect.any(Number) },
    ]);
    const none = await ask('schedulers', 'paused none with times', (client) =>
      client.getPausedSchedulers(),
    );
    expect(none).toStrictEqual([]);
  });

  it('stores whose leaders are evicted', async () => {
    const before = await ask('schedulers', 'evict list before', (client) =>
      client.getEvictLeaderStores(),
    );
    expect(before).toBeNull();
    const three = await ask('schedulers', 'evict list three', (client) =>
      client.getEvictLeaderStores(),
    );
    expect(three).toStrictEqual({ storeIds: [1, 2, 3] });
  });

  it('configuration', async () => {
    const config = await ask('config', 'whole config', (client) => client.getConfig());
    expect(config).toMatchObject({
      clusterVersion: version.slice(1),
      schedule: {
        leaderScheduleLimit: 4,
        regionScheduleLimit: 2048,
        replicaScheduleLimit: 64,
        maxStoreDownTimeMs: 30 * 60_000,
        lowSpaceRatio: 0.8,
        haltScheduling: false,
      },
      replication: { maxReplicas: 3, locationLabels: [], enablePlacementRules: true },
    });
    const schedule = await ask('config', 'schedule', (client) => client.getScheduleConfig());
    expect(schedule.raw['leader-schedule-policy']).toBe('count');
    const replication = await ask('config', 'replicate', (client) => client.getReplicationConfig());
    expect(replication.maxReplicas).toBe(3);
  });

  it('a cluster without TiKV ends at once with a typed error', async () => {
    const name = version === 'v8.5.7' ? 'GET /stores' : 'GET /store/1';
    const refusal = findExchange(version, 'members', `unbootstrapped: ${name}`);
    const status = findExchange(version, 'members', 'unbootstrapped: cluster status');
    const { client, pd } = await connect(({ path }) =>
      replyOf(path === '/cluster/status' ? status : refusal),
    );
    await expect(client.getStores()).rejects.toMatchObject({
      code: 'PD_NOT_BOOTSTRAPPED',
      pdCode: 'PD:cluster:ErrNotBootstrapped',
      retryable: false,
    });
    expect(pd.lines).toStrictEqual(['GET /members', 'GET /stores', 'GET /cluster/status']);
  });

  it('every recorded change has the outcome that its answer says', async () => {
    const changes = loadAll(version).filter(({ request }) => isSent(request));
    expect(changes.length).toBeGreaterThan(90);
    let current = changes[0];
    const { client, pd } = await connect(() =>
      current === undefined ? undefined : replyOf(current),
    );
    const outcomes = new Set<string>();
    for (const change of changes) {
      current = change;
      const { method, path, body } = change.request;
      const result = await client.send({
        purpose: 'replay',
        method: method === 'DELETE' ? 'DELETE' : 'POST',
        path,
        body: body === undefined || body === '' ? null : body,
      });
      expect([change.name, result.outcome]).toStrictEqual([
        change.name,
        outcomeOf(change.response),
      ]);
      outcomes.add(result.outcome);
    }
    expect([...outcomes].toSorted()).toStrictEqual(['accepted', 'refused', 'unknown']);
    expect(pd.requests).toHaveLength(changes.length);
  });
});

it('every recorded refusal of a read becomes a PDError with the words and the code of PD', async () => {
  for (const version of VERSIONS) {
    const refusals = loadRecording(version, 'operators').filter(
      ({ request, response }) => request.method === 'GET' && response.status === 500,
    );
    for (const refusal of refusals) {
      const { client } = await connect(() => replyOf(refusal));
      const error: unknown = await client.getStores().catch((caught: unknown) => caught);
      expect(PDError.isInstance(error)).toBe(true);
      expect(error).toMatchObject({
        code: 'PD_NOT_FOUND',
        status: 500,
        pdCode: version === 'v8.5.7' ? 'PD:operator:ErrOperatorNotFound' : null,
        facts: { answer: expect.stringMatching(/operator not found$/u), path: '/pd/api/v1/stores' },
      });
    }
  }
});

/** Whether this client makes such changes: it never asks for regions to be scattered. */
function isSent({ method, path, body }: Exchange['request']): boolean {
  return SENT.test(`${method} ${path}`) && body?.includes('scatter-regions') !== true;
}

const SENT =
  /^(POST \S+\/(operators|schedulers|config\/schedule)|DELETE \S+\/(operators\/\d+|scheduler-config\/evict-leader-scheduler\/delete\/\S+))$/u;

function outcomeOf({ status, body }: { readonly status: number; readonly body: string }): string {
  if (status === 200) return 'accepted';
  if (/redirect failed|PANIC/u.test(body)) return 'unknown';
  // `DELETE /schedulers/evict-leader-scheduler-x` answers `null` to everything.
  return body.trim() === 'null' && status >= 500 ? 'unknown' : 'refused';
}

function clusterIdOf({ response }: Exchange): string {
  return /"cluster_id": (\d+)/u.exec(response.body)?.[1] ?? '';
}
