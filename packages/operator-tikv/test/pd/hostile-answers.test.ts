import { describe, expect, it } from 'vitest';

import type { PDClient } from '../../src/pd/index.ts';
import { PDReader } from '../../src/pd/read/pd-reader.ts';
import { raw } from './support/fake-pd.ts';
import { connect } from './support/replay.ts';

type Read = (client: PDClient) => Promise<unknown>;

/** Every read of the client, and the bodies among {@link FOREIGN} that PD itself writes for it. */
const READS: Readonly<Record<string, { readonly call: Read; readonly own?: readonly string[] }>> = {
  cluster: { call: (client) => client.getCluster() },
  'cluster status': { call: (client) => client.getClusterStatus() },
  health: { call: (client) => client.getHealth(), own: ['[]'] },
  stores: { call: (client) => client.getStores() },
  'a store': { call: (client) => client.getStore(1) },
  // PD up to 6.5.7 knows no such region.
  'a region': { call: (client) => client.getRegion(2), own: ['null'] },
  'the region of a key': { call: (client) => client.getRegionByKey('61') },
  'regions by key': { call: (client) => client.getRegionsByKey({}) },
  'regions of a store': { call: (client) => client.getRegionsOfStore(1) },
  'led regions of a store': { call: (client) => client.getRegionsOfStore(1, { type: 'leader' }) },
  'the number of regions': { call: (client) => client.getRegionCount() },
  'top regions': { call: (client) => client.getTopRegions('size', 1) },
  'a check of regions': { call: (client) => client.getRegionCheck('miss-peer') },
  // PD 6.5 has no running cluster: not "none".
  'hot regions': { call: (client) => client.getHotRegions('write'), own: ['null'] },
  // No store has reported its flow.
  'hot stores': { call: (client) => client.getHotStores(), own: ['{}'] },
  operators: { call: (client) => client.getOperators(), own: ['[]'] },
  'the operator of a region': { call: (client) => client.getOperator(2) },
  'records of operators': { call: (client) => client.getOperatorRecords(0), own: ['[]'] },
  schedulers: { call: (client) => client.getSchedulers(), own: ['[]', '["x"]'] },
  'paused schedulers': { call: (client) => client.getPausedSchedulers(), own: ['[]'] },
  'evicted stores': { call: (client) => client.getEvictLeaderStores() },
  'granted stores': { call: (client) => client.getGrantLeaderStores() },
  'rule groups': { call: (client) => client.getRuleGroups(), own: ['[]'] },
  'the fit of a region': { call: (client) => client.getRegionFit(2) },
  // No store has a limit of its own.
  'store limits': { call: (client) => client.getStoreLimits(), own: ['{}'] },
  'the configuration': { call: (client) => client.getConfig() },
  'the schedule configuration': { call: (client) => client.getScheduleConfig() },
  'the replication configuration': { call: (client) => client.getReplicationConfig() },
};

/** Bodies that proxies, gateways and other services answer with a status of 200. */
const FOREIGN = [
  '{}',
  'null',
  '[]',
  '[{}]',
  '["x"]',
  '"ok"',
  'true',
  '0',
  '{"error":"upstream timed out"}',
  '{"error":{"code":504,"message":"upstream timed out"}}',
  '{"code":"internal","msg":"x","data":{}}',
  '{"count":0}',
  '{"id":0}',
  '{"regions":[]}',
  '{"count":1,"regions":[],"stores":[]}',
  '{"store-id-ranges":null}',
  '{"as_leader":null,"as_peer":null}',
  '{"1":{"read":1}}',
];

const ROWS = Object.entries(READS).flatMap(([name, { call, own = [] }]) =>
  FOREIGN.filter((body) => !own.includes(body)).map((body) => ({ name, call, body })),
);

describe('an answer that PD does not give', () => {
  it('is tried at every read of the client', () => {
    const reads = Object.getOwnPropertyNames(PDReader.prototype).filter((name) =>
      name.startsWith('get'),
    );
    const tried = Object.values(READS).map(({ call }) => String(call));
    // What a member says of itself and its cluster is read by the transport, which has tests of its own.
    const elsewhere = [
      'getLeaderEndpoint',
      'getMembers',
      'getProvenEndpoints',
      'getQuorum',
      'getStatus',
    ];
    const missing = reads.filter((name) => !tried.some((text) => text.includes(`.${name}(`)));
    expect(missing.toSorted()).toStrictEqual(elsewhere);
  });

  it('is never read as "none", "gone" or "not drained"', async () => {
    let body = '';
    const { client } = await connect(() => ({ body: raw(body) }));
    const believed: string[] = [];
    for (const row of ROWS) {
      ({ body } = row);
      const answer = await row.call(client).then(
        (value) => JSON.stringify(value),
        (error: { code?: unknown }) => error.code,
      );
      if (answer !== 'PD_RESPONSE_INVALID') believed.push(`${row.name} ${body}: ${String(answer)}`);
    }
    expect(believed).toStrictEqual([]);
    expect(ROWS.length).toBeGreaterThan(400);
  });
});

const REGION = {
  id: 2,
  start_key: '',
  end_key: '',
  epoch: { conf_ver: 1, version: 1 },
  peers: [{ id: 3, store_id: 1, role_name: 'Voter' }],
  leader: { id: 3, store_id: 1, role_name: 'Voter' },
  written_bytes: 0,
  read_bytes: 0,
  approximate_size: 0,
  approximate_keys: 0,
};

const STORE = {
  store: { id: 1, address: 'a:1', state_name: 'Up', last_heartbeat: 1 },
  status: {
    capacity: '1GiB',
    available: '1GiB',
    used_size: '0B',
    leader_count: 1,
    region_count: 1,
  },
};

const HOT = {
  store_bytes: 1,
  store_keys: 1,
  store_query: 1,
  statistics: [
    {
      region_id: 2,
      store_id: 1,
      is_leader: true,
      is_learner: false,
      hot_degree: 3,
      flow_bytes: 1,
      flow_keys: 1,
      flow_query: 1,
      last_update_time: '2026-11-21T19:30:33Z',
    },
  ],
};

const SCHEDULE = {
  'leader-schedule-limit': 4,
  'region-schedule-limit': 4,
  'replica-schedule-limit': 4,
  'max-store-down-time': '30m0s',
  'low-space-ratio': 0.8,
  'high-space-ratio': 0.7,
  'schedulers-v2': [{ type: 'hot-region', args: null, disable: false, 'args-payload': '' }],
};

/** A good answer of a read, of which each member that PD always writes is spoilt in turn. */
const GOOD: Readonly<
  Record<
    string,
    { readonly call: Read; readonly answer: object; readonly required: readonly string[] }
  >
> = {
  region: {
    call: (client) => client.getRegion(2),
    answer: REGION,
    required: Object.keys(REGION),
  },
  peer: {
    call: (client) => client.getRegion(2),
    answer: REGION,
    required: ['peers.0.id', 'peers.0.store_id', 'peers.0.role_name', 'leader.role_name'],
  },
  store: {
    call: (client) => client.getStore(1),
    answer: STORE,
    required: [
      'store',
      'status',
      'store.id',
      'store.address',
      'store.state_name',
      ...Object.keys(STORE.status).map((key) => `status.${key}`),
    ],
  },
  hot: {
    call: (client) => client.getHotRegions('read'),
    answer: { as_leader: { 1: HOT }, as_peer: { 1: HOT } },
    required: [
      'as_leader',
      'as_peer',
      ...Object.keys(HOT)
        .filter((key) => key !== 'statistics')
        .map((key) => `as_leader.1.${key}`),
      ...Object.keys(HOT.statistics[0] ?? {})
        .filter((key) => key !== 'last_update_time')
        .map((key) => `as_peer.1.statistics.0.${key}`),
    ],
  },
  schedule: {
    call: (client) => client.getScheduleConfig(),
    answer: SCHEDULE,
    required: [...Object.keys(SCHEDULE), 'schedulers-v2.0.type', 'schedulers-v2.0.disable'],
  },
  pause: {
    call: (client) => client.getPausedSchedulers(),
    answer: [{ name: 'x', paused_at: '2026-11-21T19:30:33Z', resume_at: '2026-11-21T19:31:03Z' }],
    required: ['0.name', '0.resume_at'],
  },
};

/** Values that a number of PD never has; `1e999` becomes infinite in `JSON.parse`. */
const NO_NUMBERS = ['-1', '1e999', '-1e999', '"7"', '"NaN"', 'null', '[]', 'true'];

function spoil(answer: object, path: string, value: string | null): string {
  const copy: unknown = structuredClone(answer);
  const keys = path.split('.');
  const last = keys.pop() ?? '';
  let at = copy as Record<string, unknown>;
  for (const key of keys) at = at[key] as Record<string, unknown>;
  if (value === null) Reflect.deleteProperty(at, last);
  else at[last] = 'SPOILT';
  return JSON.stringify(copy).replace('"SPOILT"', value ?? '');
}

function valueAt(answer: object, path: string): unknown {
  let at: unknown = answer;
  for (const key of path.split('.')) at = (at as Record<string, unknown>)[key];
  return at;
}

describe.each(Object.entries(GOOD))('an answer about a %s', (_, { call, answer, required }) => {
  it('is understood when it is whole', async () => {
    const { client } = await connect(() => ({ body: answer }));
    await expect(call(client)).resolves.toBeTruthy();
  });

  it.each(required)('is invalid without %s', async (path) => {
    const { client } = await connect(() => ({ body: raw(spoil(answer, path, null)) }));
    await expect(call(client)).rejects.toMatchObject({ code: 'PD_RESPONSE_INVALID' });
  });

  const numbers = required.filter((path) => typeof valueAt(answer, path) === 'number');
  it.runIf(numbers.length > 0)('is invalid with a number that PD never writes', async () => {
    let body = '';
    const { client } = await connect(() => ({ body: raw(body) }));
    for (const path of numbers) {
      for (const value of NO_NUMBERS) {
        if (path.endsWith('hot_degree') && value === '-1') continue;
        body = spoil(answer, path, value);
        await expect(call(client), `${path}: ${value}`).rejects.toMatchObject({
          code: 'PD_RESPONSE_INVALID',
        });
      }
    }
  });
});

it.each([
  [
    'a region',
    (client: PDClient) => client.getRegion(2),
    spoil(REGION, 'written_bytes', '9007199254740993'),
  ],
  [
    'a store',
    (client: PDClient) => client.getStore(1),
    spoil(STORE, 'status.leader_count', '9007199254740993'),
  ],
  [
    'the number of regions',
    (client: PDClient) => client.getRegionCount(),
    '{"count":9007199254740993,"regions":null}',
  ],
])('no digit of %s is lost in silence', async (_, call, body) => {
  const { client } = await connect(() => ({ body: raw(body) }));
  await expect(call(client)).rejects.toMatchObject({ code: 'PD_RESPONSE_INVALID' });
});

it('another thing than the one that was asked for is none', async () => {
  const { client } = await connect(({ path }) => ({
    body: path.startsWith('/store/') ? STORE : { ...REGION, id: 3 },
  }));
  await expect(client.getStore(2)).rejects.toMatchObject({ code: 'PD_RESPONSE_INVALID' });
  await expect(client.getRegion(2)).rejects.toMatchObject({ code: 'PD_RESPONSE_INVALID' });
});

it('fewer regions or stores than it counts are an invalid answer', async () => {
  const { client } = await connect(({ path }) => ({
    body: path === '/stores' ? { count: 2, stores: [STORE] } : { count: 2, regions: [REGION] },
  }));
  await expect(client.getStores()).rejects.toMatchObject({ code: 'PD_RESPONSE_INVALID' });
  await expect(client.getRegionsByKey({})).rejects.toMatchObject({ code: 'PD_RESPONSE_INVALID' });
});
