import { describe, expect, it } from 'vitest';
import { TiKVSubject } from '../../src/index.ts';
import { connect } from '../pd/support/replay.ts';
import { observe, openCluster } from './open-cluster.ts';
import type { OpenCluster } from './open-cluster.ts';

const UNHEARD = expect.stringContaining('has not heard from the store since it took over');
const STARTED = expect.stringMatching(
  /has not started its schedulers yet|has probably just started/u,
);

/** Another member leads that had everything synced: only the heartbeats of the stores are missing. */
async function openAfterFailover(version: '6.5' | '8.5'): Promise<OpenCluster> {
  const cluster = await openCluster({ version, members: 3, stepMs: 0 });
  cluster.sim.clock.advance(130_000);
  cluster.sim.faults.moveLeader({ member: 'pd2' });
  cluster.sim.clock.advance(300);
  return cluster;
}

async function findings(cluster: OpenCluster, ...checks: string[]): Promise<readonly unknown[]> {
  const found = await cluster.subject.diagnose();
  return found.filter(({ check }) => checks.includes(check));
}

describe.each(['8.5', '6.5'] as const)('a PD leader %s that has just taken over', (version) => {
  it('shows stores by what another had heard, so that their state is unknown', async () => {
    const cluster = await openAfterFailover(version);
    const states = cluster.sim.model.stores().map(({ state }) => state);
    expect(states).toContain('Disconnected');
    const stores = await cluster.subject.getStores();
    for (const store of stores) {
      expect(store).toMatchObject({
        state: { unknown: UNHEARD },
        busy: { unknown: UNHEARD },
        lastHeartbeat: { unknown: UNHEARD },
        heartbeatAgeMs: { unknown: UNHEARD },
        drained: false,
      });
    }
    expect(await cluster.subject.getStore('1')).toMatchObject({ state: { unknown: UNHEARD } });
    expect(await cluster.subject.getClusterMetrics()).toMatchObject({
      storeCount: 5,
      upStoreCount: { unknown: UNHEARD },
      storesByState: { unknown: 5 },
    });
    cluster.sim.clock.advance(10_000);
    const heard = await cluster.subject.getStores();
    expect(heard.map(({ state }) => state)).toEqual(['Up', 'Up', 'Up', 'Up', 'Up']);
  });

  it('is not ready, and no finding advises to remove a store', async () => {
    const cluster = await openAfterFailover(version);
    expect(await findings(cluster, 'readiness', 'stores')).toEqual([
      {
        check: 'readiness',
        state: 'warning',
        message:
          'Not ready: the PD leader has not heard from stores 1, 2, 3, 4, 5 since it took over.',
        remedy: expect.stringContaining('Wait for 10 s'),
      },
      {
        check: 'stores',
        state: 'unknown',
        message: expect.stringContaining('it is unknown if they run'),
        remedy: expect.stringContaining('Look again in 10 s'),
      },
    ]);
    cluster.sim.clock.advance(10_000);
    expect(await findings(cluster, 'readiness', 'stores')).toMatchObject([
      { state: 'ok' },
      { state: 'ok' },
    ]);
  });

  it('knows of a store that died before only after ten minutes that it is silent', async () => {
    const cluster = await openAfterFailover(version);
    cluster.sim.faults.silenceStore({ storeId: 3 });
    cluster.sim.faults.moveLeader({ member: 'pd3' });
    cluster.sim.clock.advance(60_000);
    expect(cluster.sim.model.store(3)?.state).toBe('Disconnected');
    expect(await cluster.subject.getStore('3')).toMatchObject({ state: { unknown: UNHEARD } });
    expect(await findings(cluster, 'stores')).toMatchObject([
      { state: 'unknown', message: expect.stringContaining('not heard from store 3 ') },
    ]);
    cluster.sim.clock.advance(900_000);
    expect(await cluster.subject.getStore('3')).toMatchObject({
      state: 'Disconnected',
      lastHeartbeat: expect.any(String),
    });
    const [finding] = await findings(cluster, 'stores');
    expect(finding).toMatchObject({
      state: 'failed',
      message: expect.stringContaining('store 3 (127.0.0.1:'),
    });
    expect(JSON.stringify(finding)).not.toContain('emove');
  });

  it('does not call anything "none" while it knows nothing', async () => {
    const cluster = await openCluster({ version });
    cluster.sim.faults.heatRegion({ regionId: 9, writtenBytes: 10_000_000 });
    cluster.sim.faults.restartLeader({ downMs: 0, startingMs: 0 });
    cluster.sim.clock.advance(11_000);
    for (const [name, rows] of [
      ['schedulers', 'schedulers'],
      ['operators', 'operators'],
      ['hot_write_regions', 'regions'],
      ['hot_read_regions', 'regions'],
    ] as const) {
      expect(await observe(cluster.subject, name), name).toMatchObject({
        [rows]: [],
        complete: { unknown: STARTED },
      });
    }
    cluster.sim.clock.advance(200_000);
    expect(await observe(cluster.subject, 'hot_write_regions')).toMatchObject({
      regions: [{ regionId: 9 }],
      complete: true,
    });
    expect(await observe(cluster.subject, 'operators')).toMatchObject({ complete: true });
    expect(await observe(cluster.subject, 'schedulers')).toMatchObject({ complete: true });
  });
});

it('a store whose first heartbeat is just coming in is not called silent', async () => {
  let reads = 0;
  const status = { capacity: '1TiB', available: '1TiB', used_size: '0B', leader_count: 1 };
  const store = (id: number, state: string, ageMs: number): object => ({
    store: {
      id,
      address: `a:${id}`,
      state_name: state,
      last_heartbeat: (Date.now() - ageMs) * 1e6,
    },
    status: { ...status, region_count: 2 },
  });
  const { client } = await connect(({ path }) => {
    if (path === '/regions/count') return { body: { count: 2, regions: null } };
    if (path !== '/stores') return { status: 404, body: '404 page not found' };
    reads += 1;
    const [state, age] = reads === 1 ? (['Disconnected', 40_000] as const) : (['Up', 100] as const);
    return { body: { count: 2, stores: [store(1, 'Up', 1000), store(2, state, age)] } };
  });
  const stores = await new TiKVSubject({ pd: client }).getStores();
  expect(stores.map(({ state }) => state)).toEqual(['Up', 'Up']);
  expect(reads).toBe(2);
});

it('a heartbeat in the future of this machine is told as a difference of the clocks', async () => {
  const cluster = await openCluster({ stepMs: 0 });
  cluster.sim.clock.advance(3_600_000);
  expect(await cluster.subject.getStore('1')).toMatchObject({
    state: 'Up',
    heartbeatAgeMs: { unknown: expect.stringMatching(/^the clocks differ: .* ms in the future/u) },
  });
});

describe.each(['8.5', '6.5'] as const)('PD %s', (version) => {
  it('shows what each store writes, which PD does not as leader', async () => {
    const cluster = await openCluster({ version });
    // Too little for PD to call the region hot.
    cluster.sim.faults.heatRegion({ regionId: 9, writtenBytes: 9000, writtenKeys: 90 });
    const hot = await cluster.subject.getHotWriteRegions();
    expect(hot.regions).toEqual([]);
    expect(hot.stores.filter(({ bytesPerSecond }) => bytesPerSecond === 900)).toHaveLength(3);
    const metrics = await cluster.subject.getStoreMetrics();
    for (const store of hot.stores) {
      const same = metrics.find(({ storeId }) => storeId === store.storeId);
      expect(same?.writeBytesPerSecond).toBe(store.bytesPerSecond);
    }
  });

  it('tells of an operator its steps, and since when it runs', async () => {
    const cluster = await openCluster({ version });
    cluster.sim.faults.holdOperators();
    await cluster.subject.transferPeer(9, '3', '4');
    expect((await cluster.subject.getOperators()).operators).toMatchObject([
      {
        regionId: 9,
        name: 'admin-move-peer',
        createdAt: expect.stringMatching(/^20\d\d-/u),
        startedAt: expect.stringMatching(/^20\d\d-/u),
        currentStep: 0,
        steps: expect.arrayContaining([expect.stringContaining('learner')]),
      },
    ]);
  });

  it('tells until when a scheduler is paused', async () => {
    const cluster = await openCluster({ version, stepMs: 0 });
    const [endpoint = ''] = cluster.sim.endpoints;
    const url = `${endpoint}/pd/api/v1/schedulers/balance-leader-scheduler`;
    await fetch(url, { method: 'POST', body: '{"delay":60}' });
    const until = Math.floor((cluster.sim.clock.now() + 60_000) / 1000) * 1000;
    const { schedulers } = await cluster.subject.getSchedulers();
    expect(schedulers.filter(({ paused }) => paused === true)).toEqual([
      {
        name: 'balance-leader-scheduler',
        paused: true,
        resumesAt: new Date(until).toISOString(),
        storeIds: null,
      },
    ]);
  });
});
