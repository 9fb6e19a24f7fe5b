import { isUnknown, OperatorError } from 'operator-core';
import { describe, expect, it } from 'vitest';
import type { TiKVStore } from '../../src/index.ts';
import { observe, openCluster } from './open-cluster.ts';

const EVICTIONS = '/pd/api/v1/scheduler-config/evict-leader-scheduler/list';

function by(stores: readonly TiKVStore[], key: keyof TiKVStore): object {
  return Object.fromEntries(stores.map((store) => [store.storeId, store[key]]));
}

describe.each(['8.5', '6.5'] as const)('stores of PD %s', (version) => {
  it('are counted and told apart', async () => {
    const { sim, subject } = await openCluster({ version, tiflashStores: 1 });
    await subject.drainStore('2');
    sim.faults.slowStore({ storeId: 4 });
    const stores = await subject.getStores();
    expect(by(stores, 'engine')).toMatchObject({ 1: 'tikv', 6: 'tiflash' });
    expect(by(stores, 'drained')).toEqual({
      1: false,
      2: true,
      3: false,
      4: false,
      5: false,
      6: false,
    });
    expect(by(stores, 'busy')).toMatchObject({ 3: false, 4: true });
    expect(stores[0]).toMatchObject({
      storeId: '1',
      address: '127.0.0.1:20161',
      statusAddress: '127.0.0.1:20181',
      state: 'Up',
      regionCount: 60,
      capacityBytes: 1024 ** 4,
      version: version === '8.5' ? '8.5.7' : '6.5.12',
    });
  });

  it('have the leaders that they have', async () => {
    const { sim, subject } = await openCluster({ version, regions: 103, schedulersPaused: true });
    const counts = Object.fromEntries(
      sim.model.stores().map((store) => [store.id, store.trueLeaderCount]),
    );
    expect(by(await subject.getStores(), 'leaderCount')).toEqual(counts);
    expect(new Set(Object.values(counts)).size).toBeGreaterThan(1);
  });

  it('are known for silent when they are', async () => {
    const { sim, subject } = await openCluster({ version });
    sim.faults.silenceStore({ storeId: 5 });
    sim.clock.advance(25_000);
    expect(by(await subject.getStores(), 'state')).toMatchObject({ 4: 'Up', 5: 'Disconnected' });
    sim.clock.advance(30 * 60_000);
    expect(by(await subject.getStores(), 'state')).toMatchObject({ 4: 'Up', 5: 'Down' });
  });

  it('have no known leaders while the PD leader has just started, and then have', async () => {
    const { sim, subject } = await openCluster({ version });
    await subject.drainStore('2');
    sim.faults.restartLeader({ downMs: 0, startingMs: 0 });
    sim.clock.advance(12_000);
    const early = await subject.getStores();
    expect(by(early, 'state')).toMatchObject({ 1: 'Up' });
    for (const store of early) {
      expect(store.leaderCount).toEqual({ unknown: expect.stringContaining('of 100 regions') });
      expect(store.drained).toEqual({ unknown: expect.stringContaining('schedulers') });
      expect(store.regionCount).toBe(60);
    }
    sim.clock.advance(120_000);
    const late = await subject.getStores();
    expect(late.some(({ leaderCount }) => isUnknown(leaderCount))).toBe(false);
    expect(by(late, 'drained')).toMatchObject({ 1: false, 2: true });
  });

  it('stay readable when something beside them is not', async () => {
    const { sim, subject } = await openCluster({ version });
    await subject.drainStore('2');
    sim.faults.answerWith({ path: EVICTIONS, status: 500, body: '"out of order"', times: 1 });
    const stores = await subject.getStores();
    expect(stores[0]?.leaderCount).toBe(20);
    expect(stores[0]?.drained).toEqual({ unknown: expect.stringContaining('out of order') });
  });
});

describe('the stores themselves', () => {
  it('cannot be made up when PD does not list them', async () => {
    const { sim, subject } = await openCluster();
    sim.faults.answerWith({ path: '/pd/api/v1/stores', status: 429, body: 'Too Many Requests\n' });
    await expect(subject.getStores()).rejects.toMatchObject({ code: 'PD_RATE_LIMITED' });
  });

  it('cost as many requests for 50 as for 5', async () => {
    const small = await openCluster({ stores: 5 });
    await small.subject.getStores();
    const large = await openCluster({ stores: 50 });
    await large.subject.getStores();
    expect(large.sim.requests).toHaveLength(small.sim.requests.length);
  });
});

describe('one store', () => {
  it('is the same as in the list', async () => {
    const { subject } = await openCluster({ time: 'real', schedulersPaused: true });
    const [first] = await subject.getStores();
    const one = await subject.getStore('1');
    const age = expect.any(Number);
    expect({ ...one, heartbeatAgeMs: age }).toEqual({ ...first, heartbeatAgeMs: age });
  });

  it.each(['8.5', '6.5'] as const)('that PD %s does not know is an error', async (version) => {
    const { subject } = await openCluster({ version });
    const error: unknown = await subject.getStore('99').catch((reason: unknown) => reason);
    expect(OperatorError.isInstance(error) && [error.code, error.kind]).toEqual([
      'TIKV_STORE_NOT_FOUND',
      'usage',
    ]);
    expect(String(error)).toContain('no store 99');
  });

  it('is not asked for by something that is no id', async () => {
    const { sim, subject } = await openCluster();
    await expect(subject.getStore('1/../2')).rejects.toMatchObject({
      code: 'TIKV_PARAMETERS_INVALID',
    });
    expect(sim.requests).toHaveLength(0);
  });

  it('that is new has sizes and heartbeats that are unknown, not zero', async () => {
    const { sim, subject } = await openCluster();
    const id = sim.faults.addStore({ firstHeartbeatAfterMs: 600_000 });
    const store = await subject.getStore(String(id));
    expect(store).toMatchObject({
      state: 'Down',
      leaderCount: 0,
      capacityBytes: { unknown: expect.any(String) },
      lastHeartbeat: { unknown: expect.any(String) },
      heartbeatAgeMs: { unknown: expect.any(String) },
    });
    expect(await observe(subject, 'store', { store_id: String(id) })).toMatchObject({
      state: 'Down',
    });
  });
});
