import { describe, expect, it } from 'vitest';
import type { TiKVSubject } from '../../src/index.ts';
import { observe, openSubject } from './open-cluster.ts';
import { replay } from './replay.ts';

const NAMES = {
  config: /./u,
  hot: /./u,
  members: /^bootstrapped: (members|health)$/u,
  operators: /^list (running|object)$/u,
  regions: /./u,
  schedulers: /^(list with evict|evict list two|paused one with times|config after evict)$/u,
} as const;

describe.each([
  { version: '8.5.7', regionId: 201, regionCount: 104 },
  { version: '6.5.12', regionId: 209, regionCount: 100 },
])('what PD $version answered', ({ version, regionId, regionCount }) => {
  async function open(...files: readonly (keyof typeof NAMES)[]): Promise<TiKVSubject> {
    const recordings = [...files, 'members' as const].map((file) => ({
      file: `../pd/fixtures/v${version}/${file}.json`,
      name: NAMES[file],
    }));
    return openSubject([await replay(recordings)]);
  }

  it('about stores under load', async () => {
    const stores = await (await open('hot', 'schedulers')).getStores();
    expect(stores.map(({ storeId }) => storeId)).toEqual(['1', '2', '3', '4', '5']);
    expect(stores[0]).toMatchObject({
      address: '127.0.0.1:20161',
      statusAddress: '127.0.0.1:20181',
      engine: 'tikv',
      state: 'Up',
      leaderCount: 12,
      version,
      drained: true,
      capacityBytes: 1024 ** 4,
      lastHeartbeat: expect.stringMatching(/^2026-11-21T19:39:2\d\.\d{3}Z$/u),
    });
    expect(stores.map(({ drained }) => drained)).toEqual([true, true, false, false, false]);
  });

  it('about hot regions, hottest first', async () => {
    const hot = await (await open('hot')).getHotWriteRegions();
    expect(hot.regions[0]).toEqual({
      regionId: expect.any(Number),
      leaderStoreId: expect.stringMatching(/^[1-5]$/u),
      hotDegree: 3,
      bytesPerSecond: expect.closeTo(209_715, 0),
      keysPerSecond: expect.closeTo(1638, 0),
      queriesPerSecond: expect.closeTo(1638, 0),
    });
    const flows = hot.stores.map(({ bytesPerSecond }) => bytesPerSecond);
    expect(flows).toEqual(flows.toSorted((one, other) => other - one));
    expect(new Set(hot.regions.map((region) => region.regionId)).size).toBe(hot.regions.length);
  });

  it('about the flow of stores', async () => {
    const metrics = await (await open('hot')).getStoreMetrics();
    const busiest = Math.max(...metrics.map((store) => Number(store.writeBytesPerSecond)));
    expect(busiest).toBeGreaterThan(1_000_000);
    expect(metrics.map((store) => store.readBytesPerSecond)).toEqual([0, 0, 0, 0, 0]);
  });

  it('about operators', async () => {
    const { operators } = await (await open('operators')).getOperators();
    const [operator, ...others] = operators;
    expect(others).toEqual([]);
    expect(operator).toMatchObject({
      regionId: expect.any(Number),
      name: expect.stringMatching(/^admin-/u),
      brief: expect.stringMatching(/: /u),
    });
  });

  it('about schedulers', async () => {
    const seen = await (await open('schedulers')).getSchedulers();
    expect(seen.complete).toBe(true);
    expect(seen.halted).toBe(false);
    expect(seen.schedulers).toContainEqual({
      name: 'evict-leader-scheduler',
      paused: false,
      resumesAt: null,
      storeIds: ['1', '2'],
    });
    expect(seen.schedulers.filter(({ paused }) => paused === true)).toMatchObject([
      { name: 'balance-leader-scheduler', resumesAt: expect.stringMatching(/^2026-11-21T19:3/u) },
    ]);
  });

  it('about members, whose ids are larger than JavaScript counts', async () => {
    const [member] = await (await open()).getMembers();
    expect(member).toMatchObject({
      name: 'pd1',
      isLeader: true,
      healthy: true,
      version: `v${version}`,
    });
    expect(BigInt(member?.memberId ?? 0)).toBeGreaterThan(2n ** 53n);
  });

  it('about its configuration', async () => {
    const items = await (await open('config')).getConfig();
    expect(items).toContainEqual({ name: 'schedule.leader-schedule-limit', value: 4 });
    expect(items).toContainEqual({ name: 'replication.max-replicas', value: 3 });
    expect(items).toContainEqual({ name: 'replication.enable-placement-rules', value: 'true' });
    expect(items[0]).toEqual({ name: 'cluster-version', value: version });
  });

  it('about regions', async () => {
    const subject = await open('regions');
    const region = await subject.getRegion({ regionId });
    expect(region).toMatchObject({ regionId, leaderStoreId: expect.stringMatching(/^[1-5]$/u) });
    expect(region.storeIds).toHaveLength(3);
    expect(await subject.pd.getRegionCount()).toBe(regionCount);
    expect(await observe(subject, 'region', { region_id: regionId })).toEqual(region);
  });
});

describe('a PD leader that was killed and started again', () => {
  it('knows stores and regions, and no leaders, schedulers or flows', async () => {
    const subject = openSubject([await replay([{ file: './fixtures/just-started.json' }])]);
    const reason = { unknown: expect.stringContaining('0 of 98 regions') };
    for (const store of await subject.getStores()) {
      expect(store.state).toBe('Up');
      expect(store.leaderCount).toEqual(reason);
      expect(store.drained).toEqual({ unknown: expect.stringContaining('schedulers') });
      expect(store.regionCount).toBeGreaterThan(0);
    }
    const region = await subject.getRegion({ regionId: 89 });
    expect(region.leaderStoreId).toEqual({ unknown: expect.any(String) });
    expect(region.sizeBytes).toEqual({ unknown: expect.any(String) });
    expect(region.writtenBytes).toEqual({ unknown: expect.any(String) });
    expect((await subject.getHotWriteRegions()).complete).toEqual(reason);
    const metrics = await subject.getClusterMetrics();
    expect(metrics.regionCount).toBe(98);
    expect(metrics.leaderCount).toEqual(reason);
    expect(metrics.drainedStoreCount).toEqual({ unknown: expect.any(String) });
  });
});
