import { describe, expect, test } from 'vitest';
import { drainByHand, removeStore } from './arrange.ts';
import { contentOf, startCluster, VERSIONS } from './support.ts';

describe.concurrent.each(VERSIONS)('undrain_store on PD %s', (version) => {
  test('plans one request and says what it touches, expects and undoes', async (context) => {
    const cluster = await startCluster(context, { version });
    await drainByHand(cluster, 4);
    cluster.sim.clock.advance(10_000);
    const before = cluster.changes().length;
    const plan = await cluster.plan('undrain_store', { store_id: '4' });
    expect(contentOf(plan)).toEqual({
      action: 'undrain_store',
      parameters: { store_id: '4' },
      summary: 'End the drain of store 4: it may lead regions again.',
      evidence: {
        bound: [{ name: 'store:4 is drained', value: true }],
        shown: [
          { name: 'drained stores', value: ['4'] },
          { name: 'store:4 leaders', value: 0, unit: 'count' },
          { name: 'store:4 regions', value: 60, unit: 'count' },
          { name: 'stores', value: 5, unit: 'count' },
        ],
      },
      effects: [
        {
          resource: 'store:4',
          description: 'store 4 is no longer in the evict-leader-scheduler',
          before: true,
          after: false,
        },
      ],
      impact: [
        { name: 'leaders moved', value: 0, unit: 'count' },
        { name: 'regions touched', value: 0, unit: 'count' },
        { name: 'data copied', value: 0, unit: 'bytes' },
      ],
      warnings: [],
      requests: [
        {
          protocol: 'http',
          purpose: 'stop evicting the leaders of the store',
          method: 'DELETE',
          path: '/pd/api/v1/scheduler-config/evict-leader-scheduler/delete/4',
          body: null,
          target: [...cluster.sim.endpoints],
        },
      ],
      resources: [
        { resource: 'store:4', mode: 'exclusive' },
        { resource: 'scheduler:evict-leader-scheduler', mode: 'exclusive', until: 'sent' },
      ],
      riskLevel: 'low',
      requiresApproval: false,
      inverse: { action: 'drain_store', parameters: { store_id: '4' } },
      standingEffect: null,
      deadlineMs: 10_000,
      settleMs: 1000,
    });
    expect(cluster.changes()).toHaveLength(before);
  });

  test('has nothing to do where the store is not being drained', async (context) => {
    const cluster = await startCluster(context, { version });
    await drainByHand(cluster, 2);
    expect(await cluster.outcome('undrain_store', { store_id: '4' })).toMatchObject({
      kind: 'nothing_to_do',
      summary: 'Store 4 is not being drained.',
      facts: { storeId: '4', drainedStoreIds: ['2'] },
    });
  });

  test('ends one of several drains, and its inverse begins it again', async (context) => {
    const cluster = await startCluster(context, { version });
    await drainByHand(cluster, 2);
    await drainByHand(cluster, 4);
    const plan = await cluster.plan('undrain_store', { store_id: '4' });
    const { result } = await cluster.apply(plan);
    expect(result).toMatchObject({
      state: 'succeeded',
      summary: 'Store 4 is not in the evict-leader list.',
      verification: { facts: { drainedStoreIds: ['2'] } },
    });
    expect(cluster.sim.model.evictedStores()).toEqual([2]);
    expect((await cluster.undo(plan)).result.state).toBe('succeeded');
    expect(cluster.sim.model.evictedStores()).toEqual([2, 4]);
  });

  test('ends the last drain, with which the scheduler goes', async (context) => {
    const cluster = await startCluster(context, { version });
    await drainByHand(cluster, 4);
    expect((await cluster.run('undrain_store', { store_id: '4' })).result.state).toBe('succeeded');
    expect(cluster.sim.model.schedulers()).not.toContain('evict-leader-scheduler');
  });

  test('ends the drain of a store that is a tombstone by now', async (context) => {
    const cluster = await startCluster(context, { version });
    await drainByHand(cluster, 4);
    await removeStore(cluster, 4);
    expect((await cluster.run('undrain_store', { store_id: '4' })).result.state).toBe('succeeded');
    expect(cluster.sim.model.evictedStores()).toEqual([]);
  });

  test('warns where nothing brings leaders back', async (context) => {
    const cluster = await startCluster(context, { version });
    await drainByHand(cluster, 4);
    await cluster.delete('/schedulers/balance-leader-scheduler');
    const plan = await cluster.plan('undrain_store', { store_id: '4' });
    expect(plan.warnings).toEqual([
      'The balance-leader-scheduler is not there: leaders will not come back by themselves.',
    ]);
  });

  test('is verified without a run by reading the drains', async (context) => {
    const cluster = await startCluster(context, { version });
    await drainByHand(cluster, 4);
    expect(await cluster.verify('undrain_store', { store_id: '4' })).toMatchObject({
      state: 'unknown',
      verification: { state: 'pending', facts: { drainedStoreIds: ['4'] } },
    });
    expect(await cluster.verify('undrain_store', { store_id: '2' })).toMatchObject({
      state: 'succeeded',
      verification: { state: 'reached' },
    });
  });
});
