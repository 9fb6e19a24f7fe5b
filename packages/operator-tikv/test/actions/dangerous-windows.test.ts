import { describe, expect, test } from 'vitest';
import { drainByHand, electAnother, missHeartbeat } from './arrange.ts';
import { startCluster, VERSIONS } from './support.ts';
import type { Cluster } from './support.ts';

/** Until the regions have reported, PD says what is not so. */
const REGIONS_HAVE_REPORTED_MS = 75_000;

function restart({ sim }: Cluster): void {
  sim.faults.restartLeader({ downMs: 0, startingMs: 0 });
}

describe.concurrent.each(VERSIONS)('a PD leader %s that has just started', (version) => {
  test('shows a store without leaders, which is no drain that has finished', async (context) => {
    const cluster = await startCluster(context, { version, stepMs: 10, spreadHeartbeats: false });
    await drainByHand(cluster, 4);
    restart(cluster);
    cluster.sim.clock.advance(12_000);
    expect(cluster.sim.model.store(4)).toMatchObject({ state: 'Up', leaderCount: 0 });
    expect(cluster.sim.model.store(4)?.trueLeaderCount).toBeGreaterThan(0);
    expect(await cluster.verify('drain_store', { store_id: '4' })).toMatchObject({
      state: 'unknown',
      verification: {
        state: 'unknown',
        summary: 'The PD leader has just started: what it shows cannot be judged yet.',
      },
    });
    cluster.sim.clock.advance(REGIONS_HAVE_REPORTED_MS + 60_000);
    expect(await cluster.verify('drain_store', { store_id: '4' })).toMatchObject({
      state: 'succeeded',
      verification: { state: 'reached' },
    });
    expect(cluster.sim.model.store(4)?.trueLeaderCount).toBe(0);
  });

  test('never shows a drain as finished before it is, from its start until it is itself again', async (context) => {
    const cluster = await startCluster(context, { version, stepMs: 0 });
    await drainByHand(cluster, 4);
    cluster.sim.faults.holdOperators();
    restart(cluster);
    for (let second = 0; second < 120; second += 1) {
      const { verification } = await cluster.verify('drain_store', { store_id: '4' });
      expect(verification?.state, `after ${second} s`).toMatch(/^(?:pending|unknown)$/u);
      cluster.sim.clock.advance(1000);
    }
    expect(cluster.sim.model.prepared()).toBe(true);
    expect(cluster.sim.model.store(4)?.trueLeaderCount).toBe(20);
  });

  test('does not show a drain, whose end is not proven by that', async (context) => {
    const cluster = await startCluster(context, { version });
    await drainByHand(cluster, 4);
    restart(cluster);
    expect(cluster.sim.model.evictedStores()).toEqual([]);
    expect(await cluster.verify('undrain_store', { store_id: '4' })).toMatchObject({
      state: 'unknown',
      verification: {
        state: 'unknown',
        summary: 'The PD leader has just started: a drain that it does not show may still exist.',
      },
    });
    cluster.sim.clock.advance(REGIONS_HAVE_REPORTED_MS);
    expect(await cluster.verify('undrain_store', { store_id: '4' })).toMatchObject({
      verification: { state: 'pending', facts: { drainedStoreIds: ['4'] } },
    });
  });

  test('is told by what is missing, and is believed when all is there', async (context) => {
    const cluster = await startCluster(context, { version });
    await drainByHand(cluster, 4);
    cluster.sim.faults.holdOperators();
    restart(cluster);
    const asked = [
      ['transfer_leader', { region_id: 9, to_store_id: '3' }],
      ['transfer_peer', { region_id: 9, from_store_id: '3', to_store_id: '5' }],
      ['drain_store', { store_id: '2' }],
      ['undrain_store', { store_id: '4' }],
    ] as const;
    for (const [action, parameters] of asked) {
      expect(await cluster.outcome(action, parameters)).toMatchObject({
        kind: 'refused',
        refusal: {
          code: 'CLUSTER_NOT_READY',
          facts: {
            schedulers: [],
            missing: expect.arrayContaining(['balance-leader-scheduler', 'evict-leader-scheduler']),
          },
          remedy: expect.stringContaining('Wait until the stores have reported'),
        },
      });
    }
    cluster.sim.clock.advance(REGIONS_HAVE_REPORTED_MS);
    for (const [action, parameters] of asked) {
      expect(await cluster.outcome(action, parameters)).toMatchObject({ kind: 'plan' });
    }
  });

  test('would overwrite the evictions of other stores, so that nothing is added', async (context) => {
    const cluster = await startCluster(context, { version });
    const plan = await cluster.plan('drain_store', { store_id: '2' });
    await drainByHand(cluster, 4);
    restart(cluster);
    await expect(cluster.apply(plan)).rejects.toMatchObject({
      code: 'PLAN_STALE',
      facts: { refusal: { code: 'CLUSTER_NOT_READY' } },
    });
    cluster.sim.clock.advance(REGIONS_HAVE_REPORTED_MS);
    expect(cluster.sim.model.evictedStores()).toEqual([4]);
  });

  test('that starts after the last look loses the evictions of other stores, and the run says so', async (context) => {
    const cluster = await startCluster(context, { version });
    await drainByHand(cluster, 2);
    const plan = await cluster.plan('drain_store', { store_id: '4' });
    const { result } = await cluster.apply(plan, ({ kind }) => {
      if (kind === 'sending') restart(cluster);
      if (kind === 'sent') cluster.sim.clock.advance(REGIONS_HAVE_REPORTED_MS);
    });
    expect(cluster.sim.model.evictedStores()).toEqual([4]);
    expect(result).toMatchObject({
      state: 'succeeded',
      summary: expect.stringContaining(
        'But leaders are no longer kept away from stores 2, which were drained before.',
      ),
      verification: { facts: { lostEvictions: ['2'] } },
    });
  });

  test('is not asked whether a limit of 0 would stop drains, but may be given another', async (context) => {
    const cluster = await startCluster(context, { version });
    restart(cluster);
    expect(await cluster.outcome('set_leader_schedule_limit', { limit: 0 })).toMatchObject({
      kind: 'refused',
      refusal: { code: 'CLUSTER_NOT_READY' },
    });
    expect(await cluster.outcome('set_leader_schedule_limit', { limit: 8 })).toMatchObject({
      kind: 'plan',
    });
  });

  test('knows all that an administrator has removed for good', async (context) => {
    const cluster = await startCluster(context, { version });
    await cluster.delete('/schedulers/balance-region-scheduler');
    expect(
      await cluster.outcome('transfer_leader', { region_id: 9, to_store_id: '3' }),
    ).toMatchObject({ kind: 'plan' });
    expect(await cluster.outcome('drain_store', { store_id: '2' })).toMatchObject({ kind: 'plan' });
  });
});

describe.concurrent.each(VERSIONS)('a PD leader %s that died', (version) => {
  test('is waited for: planning comes through when another leads', async (context) => {
    const cluster = await startCluster(context, { version, members: 3, stepMs: 500 });
    await cluster.plan('transfer_leader', { region_id: 9, to_store_id: '3' });
    cluster.sim.faults.loseLeader();
    cluster.sim.clearRequests();
    const outcome = await cluster.outcome('set_leader_schedule_limit', { limit: 8 });
    expect(outcome).toMatchObject({ kind: 'plan' });
    const answers = cluster.sim.requests.map(({ status }) => status);
    expect(answers).toContain(500);
    expect(cluster.sim.model.leaderMember()).not.toBe('pd1');
  });

  test('and left stores that look disconnected is not planned upon', async (context) => {
    const cluster = await startCluster(context, { version, members: 3, stepMs: 1 });
    electAnother(cluster);
    expect(
      await cluster.outcome('transfer_leader', { region_id: 9, to_store_id: '3' }),
    ).toMatchObject({
      kind: 'refused',
      refusal: {
        code: 'CLUSTER_NOT_READY',
        facts: {
          storeId: '3',
          shownState: 'Disconnected',
          unheardStoreIds: ['1', '2', '3', '4', '5'],
        },
      },
    });
    cluster.sim.clock.advance(15_000);
    expect(
      await cluster.outcome('transfer_leader', { region_id: 9, to_store_id: '3' }),
    ).toMatchObject({ kind: 'plan' });
  });
});

describe.concurrent.each(VERSIONS)(
  'a store that is down for less than 20 s on PD %s',
  (version) => {
    test('is recognised by the heartbeat that the others have sent since', async (context) => {
      const cluster = await startCluster(context, { version });
      await missHeartbeat(cluster, 3);
      expect(cluster.sim.model.store(3)).toMatchObject({ state: 'Up', silent: true });
      expect(
        await cluster.outcome('transfer_leader', { region_id: 9, to_store_id: '3' }),
      ).toMatchObject({
        kind: 'refused',
        refusal: { code: 'STORE_SILENT', facts: { storeId: '3', silenceMs: expect.any(Number) } },
      });
    });

    test('and dies after the last look: the run fails when PD gives up, and not before', async (context) => {
      const cluster = await startCluster(context, { version, stepMs: 2000 });
      const plan = await cluster.plan('transfer_leader', { region_id: 9, to_store_id: '3' });
      const { result } = await cluster.apply(plan, ({ kind }) => {
        if (kind === 'sending') cluster.sim.faults.silenceStore({ storeId: 3, keepLeaders: true });
      });
      expect(cluster.sim.model.record(9)).toContain('status: TIMEOUT');
      expect(result).toMatchObject({
        state: 'ineffective',
        error: { code: 'EFFECT_FAILED' },
        verification: { facts: { leaderStoreId: '1', operatorStatus: 'TIMEOUT' } },
      });
    });
  },
);
