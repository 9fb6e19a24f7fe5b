import { describe, expect, it } from 'vitest';

import type { PDClient } from '../../src/pd/index.ts';
import { LARGEST_REGION_PAGE, PDError } from '../../src/pd/index.ts';
import { raw } from './support/fake-pd.ts';
import { connect } from './support/replay.ts';
import { leaderRequest } from '../changes.ts';

const REGIONS = { body: { count: 0, regions: [] } };

function peer(id: number, storeId: number, more: object = {}): object {
  return { role_name: 'Voter', id, store_id: storeId, ...more };
}

function region(id: number, more: object = {}): object {
  return {
    id,
    start_key: '',
    end_key: '',
    epoch: { conf_ver: 1, version: 1 },
    peers: [peer(1, 1), peer(2, 2), peer(3, 3)],
    leader: peer(1, 1),
    written_bytes: 0,
    read_bytes: 0,
    approximate_size: 0,
    approximate_keys: 0,
    ...more,
  };
}

const SPACE = { capacity: '0B', available: '0B', used_size: '0B' };

describe('what is asked', () => {
  const line = async (
    call: (client: PDClient) => Promise<unknown>,
  ): Promise<string | undefined> => {
    const { client, pd } = await connect(() => REGIONS);
    await call(client);
    return pd.lines[1];
  };

  it('sends keys as raw bytes, percent-encoded', async () => {
    await expect(
      line((client) => client.getRegionsByKey({ startKey: '7a00ff2b', endKey: 'FF', limit: 7 })),
    ).resolves.toBe('GET /regions/key?key=%7A%00%FF%2B&end_key=%FF&limit=7');
    await expect(line((client) => client.getRegionsByKey({}))).resolves.toBe(
      'GET /regions/key?key=&limit=256',
    );
    await expect(line((client) => client.getRegionByKey('00'))).resolves.toBe(
      'GET /regions/key?key=%00&limit=1',
    );
  });

  it('sends only known words', async () => {
    await expect(line((client) => client.getRegionsOfStore(4, { type: 'leader' }))).resolves.toBe(
      'GET /regions/store/4?type=leader',
    );
    await expect(line((client) => client.getRegionsOfStore(4))).resolves.toBe(
      'GET /regions/store/4',
    );
    await expect(line((client) => client.getTopRegions('size', 5))).resolves.toBe(
      'GET /regions/size?limit=5',
    );
    await expect(line((client) => client.getRegionCheck('down-peer'))).resolves.toBe(
      'GET /regions/check/down-peer',
    );
  });

  it.each<[string, (client: PDClient) => Promise<unknown>]>([
    [
      'a type that would freeze PD',
      (client) => client.getRegionsOfStore(1, { type: 'x' as 'leader' }),
    ],
    ['a check', (client) => client.getRegionCheck('../stores' as 'miss-peer')],
    ['an order', (client) => client.getTopRegions('fame' as 'size', 1)],
    ['a direction', (client) => client.getHotRegions('sideways' as 'read')],
    ['region 0', (client) => client.getRegion(0)],
    ['a negative id', (client) => client.getStore(-1)],
    ['a fraction', (client) => client.getRegion(1.5)],
    ['NaN', (client) => client.getRegion(Number.NaN)],
    ['2^53', (client) => client.getRegion(2 ** 53)],
    ['a text as id', (client) => client.getRegion('2' as unknown as number)],
    ['an odd key', (client) => client.getRegionByKey('abc')],
    ['a key that is no hex', (client) => client.getRegionsByKey({ startKey: 'zz' })],
    ['a key that is no text', (client) => client.getRegionByKey(7 as unknown as string)],
    [
      'a page that is too long',
      (client) => client.getRegionsByKey({ limit: LARGEST_REGION_PAGE + 1 }),
    ],
    ['an empty page', (client) => client.getRegionsByKey({ limit: 0 })],
    ['a negative time', (client) => client.getOperatorRecords(-1)],
  ])('refuses %s before anything is sent', async (_, call) => {
    const { client, pd } = await connect(() => REGIONS);
    const error: unknown = await call(client).catch((caught: unknown) => caught);
    expect(PDError.isInstance(error)).toBe(true);
    expect(error).toMatchObject({ code: 'PD_ID_INVALID', kind: 'usage', retryable: false });
    expect(pd.requests).toStrictEqual([]);
  });

  it('says who asks with every request, discovery included', async () => {
    const { client, pd } = await connect(() => REGIONS, { callerId: 'run-7' });
    await client.getRegionsByKey({});
    await client.getRegionsByKey({}, { callerId: 'run-8\r\nx: y\u00e9' });
    await client.send({
      purpose: 'x',
      method: 'DELETE',
      path: '/pd/api/v1/operators/1',
      body: null,
    });
    expect(pd.requests.map(({ headers }) => headers['x-caller-id'])).toStrictEqual([
      'run-7',
      'run-7',
      'run-8__x: y_',
      'run-7',
    ]);
  });

  it('names itself operator by default, and lets a server answer for itself only when it is diagnosed', async () => {
    const { client, pd } = await connect(({ method }) =>
      method === 'POST' ? { body: 'The operator is created.' } : REGIONS,
    );
    await client.getRegionsByKey({});
    await client.getStatus(pd.endpoint).catch(() => {});
    await client.change(leaderRequest(1, 2));
    expect(
      pd.requests.map(({ headers, path }) => [
        path.split('?')[0],
        headers['x-caller-id'],
        headers['pd-allow-follower-handle'],
      ]),
    ).toStrictEqual([
      ['/members', 'operator', undefined],
      ['/regions/key', 'operator', undefined],
      ['/status', undefined, 'true'],
      ['/operators', 'operator', undefined],
    ]);
  });

  it('keeps connections alive', async () => {
    const ports = new Set<number | undefined>();
    const { client } = await connect((_, { socket }) => {
      ports.add(socket.remotePort);
      return REGIONS;
    });
    for (let time = 0; time < 9; time += 1) await client.getRegionsByKey({});
    // undici opens a second socket when the next request comes before the first socket is free again.
    expect(ports.size).toBeLessThanOrEqual(2);
  });
});

describe('what is understood', () => {
  it('omitted members as zero', async () => {
    const { client } = await connect(() => ({
      body: {
        count: 1,
        stores: [
          {
            store: {
              id: 4,
              address: 'tikv-4:20160',
              labels: [{ key: 'engine', value: 'tiflash' }, { key: 'flag' }],
              state_name: 'Up',
            },
            status: { ...SPACE, leader_count: 0, region_count: 0 },
          },
        ],
      },
    }));
    await expect(client.getStores()).resolves.toStrictEqual([
      {
        id: 4,
        address: 'tikv-4:20160',
        statusAddress: '',
        version: '',
        state: 'Up',
        labels: { engine: 'tiflash', flag: '' },
        isTiFlash: true,
        lastHeartbeatMs: null,
        heartbeatAgeMs: null,
        isHeard: false,
        capacityBytes: 0,
        availableBytes: 0,
        usedBytes: 0,
        leaderCount: 0,
        regionCount: 0,
        isBusy: false,
        pausesLeadersIn: false,
        pausesLeadersOut: false,
      },
    ]);
  });

  it.each([
    ['tiflash', true],
    ['tiflash_compute', true],
    ['tikv', false],
  ])('a store whose engine is %s', async (value, isTiFlash) => {
    const store = { id: 1, address: 'a:1', labels: [{ key: 'engine', value }], state_name: 'Up' };
    const status = { ...SPACE, leader_count: 0, region_count: 0 };
    const { client } = await connect(() => ({ body: { store, status } }));
    await expect(client.getStore(1)).resolves.toMatchObject({ isTiFlash });
  });

  it('no field that is not used: a score above 2^53 does no harm', async () => {
    const { client } = await connect(() => ({
      body: raw(
        '{"count":1,"stores":[{"store":{"id":1,"address":"a:1","state_name":"Up"},"status":{"capacity":"1GiB","available":"1GiB","used_size":"0B","leader_count":1,"leader_score":1e+300,"region_count":2,"region_score":18446744073709551616,"is_busy":true}}]}',
      ),
    }));
    await expect(client.getStores()).resolves.toMatchObject([
      { id: 1, leaderCount: 1, regionCount: 2, isBusy: true, isHeard: true },
    ]);
  });

  it('regions in every state', async () => {
    const learner = peer(4, 4, { role_name: 'Learner', role: 1, is_learner: true });
    const body = region(2, {
      peers: [
        peer(1, 1),
        peer(2, 2, { role_name: 'IncomingVoter', role: 2 }),
        peer(3, 3, { role_name: 'DemotingVoter', role: 3, is_witness: true }),
        learner,
      ],
      leader: { role_name: '' },
      down_peers: [{ peer: peer(1, 1), down_seconds: 300 }, { peer: learner }],
      pending_peers: [learner],
      written_bytes: 5,
      approximate_size: 96,
    });
    const { client } = await connect(() => ({ body }));
    await expect(client.getRegion(2)).resolves.toMatchObject({
      leader: null,
      peers: [
        { role: 'Voter', isWitness: false },
        { role: 'IncomingVoter' },
        { role: 'DemotingVoter', isWitness: true },
        { id: 4, storeId: 4, role: 'Learner' },
      ],
      downPeers: [
        { peer: { id: 1 }, downSeconds: 300 },
        { peer: { id: 4 }, downSeconds: 0 },
      ],
      pendingPeers: [{ id: 4 }],
      writtenBytes: 5,
      readBytes: 0,
      approximateSizeMiB: 96,
    });
  });

  it.each([
    ['null, as PD up to 6.5.7 answers', { body: null }],
    [
      'region 0, as PD up to 8.5 answers',
      { body: { id: 0, start_key: '', end_key: '', leader: { role_name: '' } } },
    ],
    [
      '404, as PD from 9.0 on answers',
      { status: 404, body: '[PD:region:ErrRegionNotFound]region 9 not found' },
    ],
  ])('an unknown region: %s', async (_, reply) => {
    const { client } = await connect(() => reply);
    await expect(client.getRegion(9)).resolves.toBeNull();
  });

  it('the region of a key only when it holds the key', async () => {
    const { client } = await connect(() => ({
      body: { count: 1, regions: [region(2, { start_key: '61', end_key: '62' })] },
    }));
    await expect(client.getRegionByKey('61ff')).resolves.toMatchObject({ id: 2 });
    await expect(client.getRegionByKey('62')).resolves.toBeNull();
    await expect(client.getRegionByKey('60')).resolves.toBeNull();
  });

  it('types of regions where PD ignores them', async () => {
    const learner = peer(4, 4, { role_name: 'Learner', role: 1 });
    const regions = [
      region(1),
      region(2, { leader: peer(2, 2), pending_peers: [peer(1, 1)] }),
      region(3, { peers: [peer(1, 1), learner], leader: peer(1, 1) }),
      region(4, { leader: { role_name: '' }, peers: [peer(1, 1, { is_witness: true })] }),
    ];
    const { client } = await connect(() => ({ body: { count: 4, regions } }));
    const ids = async (
      storeId: number,
      type: 'leader' | 'follower' | 'learner' | 'witness' | 'pending',
    ) => (await client.getRegionsOfStore(storeId, { type })).map(({ id }) => id);
    await expect(ids(1, 'leader')).resolves.toStrictEqual([1, 3]);
    await expect(ids(1, 'follower')).resolves.toStrictEqual([2, 4]);
    await expect(ids(4, 'learner')).resolves.toStrictEqual([3]);
    await expect(ids(1, 'witness')).resolves.toStrictEqual([4]);
    await expect(ids(1, 'pending')).resolves.toStrictEqual([2]);
    expect((await client.getRegionsOfStore(1)).map(({ id }) => id)).toStrictEqual([1, 2, 3, 4]);
  });

  it('hot stores with missing rates, and no hot regions before 6.5 has a cluster', async () => {
    const { client } = await connect(({ path }) => ({
      body: path === '/hotspot/stores' ? { 'bytes-read-rate': { 10: 1, 9: 2.5 } } : null,
    }));
    await expect(client.getHotStores()).resolves.toMatchObject([
      { storeId: 9, readBytesPerSecond: 2.5, writeBytesPerSecond: null },
      { storeId: 10, readBytesPerSecond: 1 },
    ]);
    await expect(client.getHotRegions('read')).resolves.toBeNull();
  });

  it('integers beyond 2^53 where they occur, digit by digit', async () => {
    const { client } = await connect(({ path }) =>
      path === '/cluster'
        ? { body: raw('{"id":18446744073709551615,"max_peer_count":3}') }
        : {
            body: raw(
              '{"store":{"id":1,"address":"a:1","state_name":"Up","last_heartbeat":1795289961313096001},"status":{"capacity":"0B","available":"0B","used_size":"0B","leader_count":0,"region_count":0}}',
            ),
          },
    );
    expect((await client.getCluster()).id).toBe('18446744073709551615');
    expect(await client.getStore(1)).toMatchObject({
      lastHeartbeatMs: 1_795_289_961_313,
    });
  });

  it.each<[string, (client: PDClient) => Promise<unknown>, string, string]>([
    [
      'an id as text',
      (client) => client.getStores(),
      '{"count":1,"stores":[{"store":{"id":"1"},"status":{}}]}',
      '$.stores[0].store.id',
    ],
    [
      'an unknown state',
      (client) => client.getStores(),
      '{"count":1,"stores":[{"store":{"id":1,"address":"a:1","state_name":"Sleepy"},"status":{"capacity":"0B","available":"0B","used_size":"0B"}}]}',
      '$.stores[0].store.state_name',
    ],
    [
      'no leader count',
      (client) => client.getStore(1),
      '{"store":{"id":1,"address":"a:1","state_name":"Up"},"status":{"capacity":"0B","available":"0B","used_size":"0B"}}',
      '$.status.leader_count',
    ],
    [
      'a negative count',
      (client) => client.getRegionCount(),
      '{"count":-1,"regions":null}',
      '$.count',
    ],
    ['no list', (client) => client.getRegionsByKey({}), '{"count":0}', '$.regions'],
    [
      'a list of numbers',
      (client) => client.getRegionsByKey({}),
      '{"count":1,"regions":[7]}',
      '$.regions[0]',
    ],
    [
      'a peer without store',
      (client) => client.getRegion(2),
      '{"id":2,"start_key":"","end_key":"","epoch":{},"peers":[{"id":1,"role_name":"Voter"}]}',
      '$.peers[0].store_id',
    ],
    [
      'an unknown role',
      (client) => client.getRegion(2),
      '{"id":2,"start_key":"","end_key":"","epoch":{},"peers":[{"id":1,"store_id":1,"role_name":"King"}]}',
      '$.peers[0].role_name',
    ],
    ['null for stores', (client) => client.getStores(), 'null', '$'],
    ['null for health', (client) => client.getHealth(), 'null', '$'],
    ['null for schedulers', (client) => client.getSchedulers(), 'null', '$'],
    ['null for the configuration', (client) => client.getConfig(), 'null', '$'],
    [
      'a fractional limit',
      (client) => client.getScheduleConfig(),
      '{"leader-schedule-limit":1.5}',
      '$.leader-schedule-limit',
    ],
    ['prose that is no operator', (client) => client.getOperators(), '["hello"]', '$[0]'],
    ['an operator that is no text', (client) => client.getOperator(1), '{"status":"RUNNING"}', '$'],
    [
      'a list of schedulers that is none',
      (client) => client.getEvictLeaderStores(),
      '{"store-id-ranges":{"x":[]}}',
      '$.store-id-ranges.x',
    ],
    ['no bootstrap time', (client) => client.getClusterStatus(), '{}', '$.raft_bootstrap_time'],
    ['a cluster id as text', (client) => client.getCluster(), '{"id":"7"}', '$.id'],
  ])('nothing of %s: the error names the place', async (...row) => {
    const [, call, body, path] = row;
    const { client } = await connect(() => ({ body: raw(body) }));
    await expect(call(client)).rejects.toMatchObject({
      code: 'PD_RESPONSE_INVALID',
      kind: 'failed',
      status: 200,
      message: expect.stringContaining(`${path} is not `),
    });
  });
});
