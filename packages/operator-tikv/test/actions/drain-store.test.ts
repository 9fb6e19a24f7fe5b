import { describe, expect, test } from 'vitest';
import { drainByHand } from './arrange.ts';
import { contentOf, startCluster, VERSIONS } from './support.ts';

describe.concurrent.each(VERSIONS)('drain_store on PD %s', (version) => {
  test('plans one request and says what it touches, expects, leaves behind and undoes', async (context) => {
    const cluster = await startCluster(context, { version });
    const plan = await cluster.plan('drain_store', { store_id: '4' });
    expect(contentOf(plan)).toEqual({
      action: 'drain_store',
      parameters: { store_id: '4' },
      summary: 'Drain store 4: evict its 20 leaders and keep leaders away.',
      evidence: {
        bound: [
          { name: 'store:4 state', value: 'Up' },
          { name: 'drained stores', value: [] },
        ],
        shown: [
          { name: 'store:4 leaders', value: 20, unit: 'count' },
          { name: 'store:4 regions', value: 60, unit: 'count' },
          { name: 'stores', value: 5, unit: 'count' },
          { name: 'store:4 leaders that cannot leave', value: 0, unit: 'count' },
          { name: 'leader-schedule-limit', value: 4, unit: 'count' },
        ],
      },
      effects: [
        { resource: 'store:4', description: 'store 4 leads no region', before: 20, after: 0 },
        {
          resource: 'store:4',
          description: 'store 4 is in the evict-leader-scheduler',
          before: false,
          after: true,
        },
      ],
      impact: [
        { name: 'leaders moved', value: 20, unit: 'count' },
        { name: 'regions touched', value: 20, unit: 'count' },
        { name: 'data copied', value: 0, unit: 'bytes' },
      ],
      warnings: [],
      requests: [
        {
          protocol: 'http',
          purpose: 'evict the leaders of the store',
          method: 'POST',
          path: '/pd/api/v1/schedulers',
          body: '{"name":"evict-leader-scheduler","store_id":4}',
          target: [...cluster.sim.endpoints],
        },
      ],
      resources: [
        { resource: 'store:4', mode: 'exclusive' },
        { resource: 'scheduler:evict-leader-scheduler', mode: 'exclusive', until: 'sent' },
      ],
      riskLevel: 'high',
      requiresApproval: false,
      inverse: { action: 'undrain_store', parameters: { store_id: '4' } },
      standingEffect: { name: 'evict-leader', resource: 'store:4' },
      deadlineMs: 6 * 60_000 + 5000,
      settleMs: 2000,
    });
    expect(cluster.changes()).toEqual([]);
  });

  test('says how many stores of its zone are left to lead', async (context) => {
    const cluster = await startCluster(context, { version });
    const inZone = (value: string) => ({ labels: [{ key: 'zone', value }] });
    const [first, second] = [1, 2].map(() => cluster.sim.faults.addStore(inZone('a')));
    cluster.sim.faults.addStore(inZone('b'));
    cluster.sim.clock.advance(60_000);
    const left = async (): Promise<unknown> => {
      const plan = await cluster.plan('drain_store', { store_id: String(first) });
      expect(plan.evidence.shown).toContainEqual({ name: 'stores', value: 8, unit: 'count' });
      return plan.impact.find(({ name }) => name === 'stores left in its zone')?.value;
    };
    expect(await left()).toBe(1);
    await drainByHand(cluster, Number(second));
    expect(await left()).toBe(0);
  });

  test('warns that the eviction of a store that is leaving stays in PD', async (context) => {
    const cluster = await startCluster(context, { version });
    await cluster.delete('/store/4');
    const plan = await cluster.plan('drain_store', { store_id: '4' });
    expect(plan.warnings).toEqual([
      'The store is being removed: the eviction stays in PD until it is ended, also after that.',
    ]);
  });

  test('empties the store, proves it, and its inverse lets leaders come back', async (context) => {
    const cluster = await startCluster(context, { version });
    const plan = await cluster.plan('drain_store', { store_id: '4' });
    const { result, events } = await cluster.apply(plan);
    expect(result).toMatchObject({
      state: 'succeeded',
      summary: 'Store 4 leads no region and is in the evict-leader list.',
      verification: { facts: { storeId: '4', leaders: 0, drainedStoreIds: ['4'] } },
    });
    expect(cluster.sim.model.store(4)?.trueLeaderCount).toBe(0);
    expect(cluster.sim.model.evictedStores()).toEqual([4]);
    expect(cluster.changes()).toHaveLength(1);
    const progress = events.flatMap((event) =>
      event.kind === 'verifying' ? [event.verification?.progress?.done ?? null] : [],
    );
    expect(progress.filter((done) => done !== null).length).toBeGreaterThan(0);

    const undone = await cluster.undo(plan);
    expect(undone.result.state).toBe('succeeded');
    expect(cluster.sim.model.evictedStores()).toEqual([]);
    expect(cluster.sim.model.schedulers()).not.toContain('evict-leader-scheduler');
    cluster.sim.clock.advance(20_000);
    expect(cluster.sim.model.store(4)?.leaderCount).toBeGreaterThan(10);
  });

  test('leaves the drains of other stores alone, and so does its inverse', async (context) => {
    const cluster = await startCluster(context, { version });
    await drainByHand(cluster, 2);
    const plan = await cluster.plan('drain_store', { store_id: '4' });
    expect(plan.evidence.bound).toContainEqual({ name: 'drained stores', value: ['2'] });
    expect((await cluster.apply(plan)).result.state).toBe('succeeded');
    expect(cluster.sim.model.evictedStores()).toEqual([2, 4]);
    expect((await cluster.undo(plan)).result.state).toBe('succeeded');
    expect(cluster.sim.model.evictedStores()).toEqual([2]);
  });

  test('is not done while the store is empty but not kept empty', async (context) => {
    const cluster = await startCluster(context, { version });
    await drainByHand(cluster, 4);
    cluster.sim.clock.advance(10_000);
    expect(await cluster.verify('drain_store', { store_id: '4' })).toMatchObject({
      state: 'succeeded',
      verification: { state: 'reached' },
    });
    cluster.sim.faults.holdOperators();
    await cluster.delete('/scheduler-config/evict-leader-scheduler/delete/4');
    expect(cluster.sim.model.store(4)?.leaderCount).toBe(0);
    expect(await cluster.verify('drain_store', { store_id: '4' })).toMatchObject({
      state: 'unknown',
      verification: { state: 'pending', facts: { leaders: 0, drainedStoreIds: [] } },
    });
  });

  test('is not done while a region with a peer on the store has no known leader', async (context) => {
    const cluster = await startCluster(context, { version });
    await drainByHand(cluster, 4);
    cluster.sim.clock.advance(10_000);
    const hosted = cluster.sim.model
      .regions()
      .find(({ peers }) => peers.some(({ storeId }) => storeId === 4));
    const regionId = hosted?.id ?? 0;
    cluster.sim.faults.leaveLeaderless({ regionId });
    expect(await cluster.verify('drain_store', { store_id: '4' })).toMatchObject({
      verification: { state: 'unknown', facts: { leaders: 0, regionsWithoutKnownLeader: 1 } },
    });
    cluster.sim.faults.restoreLeader({ regionId });
    expect(await cluster.verify('drain_store', { store_id: '4' })).toMatchObject({
      verification: { state: 'reached' },
    });
  });

  test('that is in force is refused with the lease that it is, or as none of ours', async (context) => {
    const cluster = await startCluster(context, { version });
    const { result } = await cluster.run('drain_store', { store_id: '4' });
    await drainByHand(cluster, 5);
    expect(await cluster.outcome('drain_store', { store_id: '4' })).toMatchObject({
      refusal: {
        code: 'DRAIN_EXISTS',
        message: `Store 4 is already being drained. It is the lease of run ${result.runId} for test, active, without an end.`,
        facts: { storeId: '4', lease: { runId: result.runId, state: 'active', endsAt: null } },
      },
    });
    expect(await cluster.outcome('drain_store', { store_id: '5' })).toMatchObject({
      refusal: {
        code: 'DRAIN_EXISTS',
        message: expect.stringContaining('It is not a lease of this ledger: another tool made it.'),
        facts: { storeId: '5', lease: null },
      },
    });
    cluster.sim.faults.holdOperators();
    const to = ['1', '2', '3'].find((storeId) => storeId !== cluster.leaderOf(9)) ?? '';
    await drainByHand(cluster, Number(to));
    const lead = { region_id: 9, to_store_id: to };
    expect(await cluster.outcome('transfer_leader', lead)).toMatchObject({
      refusal: { code: 'STORE_BEING_DRAINED', facts: { storeId: to, lease: null } },
    });
  });

  test('is seen to have failed where the store is gone', async (context) => {
    const cluster = await startCluster(context, { version });
    expect(await cluster.verify('drain_store', { store_id: '99' })).toMatchObject({
      state: 'ineffective',
      verification: { state: 'failed', facts: { storeId: '99' } },
    });
  });
});
