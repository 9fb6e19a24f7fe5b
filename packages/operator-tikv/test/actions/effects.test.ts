import { describe, expect, test } from 'vitest';
import { drainByHand, moveLeader } from './arrange.ts';
import { startCluster, VERSIONS } from './support.ts';
import type { Cluster, Run } from './support.ts';

const LEADER = { region_id: 9, to_store_id: '3' } as const;
const PEER = { region_id: 9, from_store_id: '3', to_store_id: '4' } as const;

/** Plans a leader transfer and applies it; the accepted operator is treated as the test wants. */
async function transferLeader(cluster: Cluster, whenSent: () => unknown): Promise<Run> {
  const plan = await cluster.plan('transfer_leader', LEADER);
  return cluster.apply(plan, async ({ kind }) => {
    if (kind === 'sent') await whenSent();
  });
}

// Accepted is not done: what becomes of what PD has accepted.
describe.concurrent.each(VERSIONS)('a change that PD %s has accepted', (version) => {
  test('fails when PD gives its operator up at the timeout', async (context) => {
    const cluster = await startCluster(context, { version, stepMs: 2000 });
    cluster.sim.faults.holdOperators();
    const { result } = await cluster.run('transfer_leader', LEADER);
    expect(cluster.sim.model.record(9)).toContain('status: TIMEOUT');
    expect(result).toMatchObject({
      state: 'ineffective',
      summary: expect.stringContaining('PD ended the operator with TIMEOUT (it ran out of time).'),
      error: { code: 'EFFECT_FAILED', kind: 'failed' },
      verification: { facts: { operatorStatus: 'TIMEOUT', leaderStoreId: '1' } },
    });
  });

  test('fails when PD never starts its operator', async (context) => {
    // PD gives it up after 3 s; the run believes an absence from 5 s on, by the clock of this machine.
    const cluster = await startCluster(context, { version, time: 'real' });
    cluster.sim.faults.leaveUnstarted();
    const { result } = await cluster.run('transfer_leader', LEADER);
    expect(result).toMatchObject({
      state: 'ineffective',
      error: { code: 'EFFECT_FAILED' },
      verification: { facts: { operatorStatus: 'TIMEOUT', leaderStoreId: '1' } },
    });
  });

  test('fails when another user cancels it', async (context) => {
    const cluster = await startCluster(context, { version });
    cluster.sim.faults.holdOperators();
    const { result } = await transferLeader(cluster, () => cluster.delete('/operators/9'));
    expect(result).toMatchObject({
      state: 'ineffective',
      error: { code: 'EFFECT_FAILED' },
      verification: { facts: { operatorStatus: 'CANCEL', leaderStoreId: '1' } },
    });
  });

  test('is done when another user cancels it too late', async (context) => {
    const cluster = await startCluster(context, { version, stepMs: 1 });
    const { result } = await transferLeader(cluster, async () => {
      await cluster.delete('/operators/9');
      // TiKV is not told: the step that it was sent is carried out.
      cluster.sim.clock.advance(500);
    });
    expect(cluster.sim.model.record(9)).toContain('status: CANCEL');
    expect(result).toMatchObject({ state: 'succeeded', summary: 'Store 3 leads region 9.' });
  });

  test('is reverted when the leader moves again while it settles', async (context) => {
    const cluster = await startCluster(context, { version });
    const plan = await cluster.plan('transfer_leader', LEADER);
    const { result } = await cluster.apply(plan, async ({ kind }) => {
      if (kind === 'settling') await moveLeader(cluster, 2);
    });
    expect(result).toMatchObject({
      state: 'ineffective',
      error: { code: 'EFFECT_REVERTED', kind: 'failed' },
      verification: { facts: { leaderStoreId: '2' } },
    });
  });

  test('of a peer is reverted when the peer moves back while it settles', async (context) => {
    const cluster = await startCluster(context, { version });
    const plan = await cluster.plan('transfer_peer', PEER);
    const { result } = await cluster.apply(plan, async ({ kind }) => {
      if (kind !== 'settling') return;
      const back = { name: 'transfer-peer', region_id: 9, from_store_id: 4, to_store_id: 3 };
      await cluster.post('/operators', back);
      cluster.sim.clock.advance(10_000);
    });
    expect(result).toMatchObject({
      state: 'ineffective',
      error: { code: 'EFFECT_REVERTED' },
    });
  });

  test('as a drain is reverted when another user ends it while it settles', async (context) => {
    const cluster = await startCluster(context, { version });
    const plan = await cluster.plan('drain_store', { store_id: '4' });
    const { result } = await cluster.apply(plan, async ({ kind }) => {
      if (kind === 'settling') {
        await cluster.delete('/scheduler-config/evict-leader-scheduler/delete/4');
      }
    });
    expect(result).toMatchObject({
      state: 'ineffective',
      error: { code: 'EFFECT_REVERTED' },
      verification: { facts: { drainedStoreIds: [] } },
    });
  });

  test('as the end of a drain is reverted when another user drains again while it settles', async (context) => {
    const cluster = await startCluster(context, { version });
    await drainByHand(cluster, 4);
    const plan = await cluster.plan('undrain_store', { store_id: '4' });
    const { result } = await cluster.apply(plan, async ({ kind }) => {
      if (kind === 'settling') await drainByHand(cluster, 4);
    });
    expect(result).toMatchObject({ state: 'ineffective', error: { code: 'EFFECT_REVERTED' } });
  });

  test('fails when its region is merged away', async (context) => {
    const cluster = await startCluster(context, { version });
    cluster.sim.faults.holdOperators();
    const { result } = await transferLeader(cluster, async () => {
      await cluster.delete('/operators/9');
      cluster.sim.faults.holdOperators({ hold: false });
      await cluster.post('/operators', {
        name: 'merge-region',
        source_region_id: 9,
        target_region_id: 13,
      });
      cluster.sim.clock.advance(60_000);
    });
    expect(cluster.sim.model.region(9)).toBeUndefined();
    expect(result).toMatchObject({
      state: 'ineffective',
      error: { code: 'EFFECT_FAILED' },
      verification: { summary: expect.stringContaining('Region 9 is gone') },
    });
  });
});

// A region has one record, and it need not be ours.
describe.concurrent.each(VERSIONS)('the record of the region on PD %s', (version) => {
  test.for(['SUCCESS', 'CANCEL', 'TIMEOUT'] as const)(
    'that another operator has taken over with %s: the own one is gone, and the region tells how',
    async (status, context) => {
      const cluster = await startCluster(context, { version, stepMs: 1 });
      cluster.sim.faults.holdOperators();
      const plan = await cluster.plan('transfer_leader', LEADER);
      const { result } = await cluster.apply(plan, async (event) => {
        if (event.kind !== 'sent') return;
        await cluster.delete('/operators/9');
        cluster.sim.faults.takeOverRecord({ regionId: 9, status });
      });
      expect(result).toMatchObject({
        state: 'ineffective',
        error: { code: 'EFFECT_FAILED' },
        verification: {
          summary: expect.stringContaining(
            '(remove-orphan-peer {rm peer: store [3]} came after it)',
          ),
          facts: { leaderStoreId: '1', regionAsBefore: true },
        },
      });
    },
  );

  test('that ends with another operator after the effect came is not a failure', async (context) => {
    const cluster = await startCluster(context, { version, stepMs: 1 });
    cluster.sim.faults.holdOperators();
    const plan = await cluster.plan('transfer_leader', LEADER);
    const { result } = await cluster.apply(plan, async (event) => {
      if (event.kind !== 'sent') return;
      cluster.sim.faults.holdOperators({ hold: false });
      cluster.sim.clock.advance(3000);
      cluster.sim.faults.takeOverRecord({ regionId: 9, status: 'CANCEL' });
    });
    expect(result).toMatchObject({
      state: 'succeeded',
      verification: {
        cause: 'unknown',
        facts: { causedBy: { unknown: expect.stringContaining('remove-orphan') } },
      },
    });
  });

  test('that was there before the plan says nothing of the run', async (context) => {
    const cluster = await startCluster(context, { version, stepMs: 1 });
    // The same operator was asked for before, and cancelled.
    cluster.sim.faults.holdOperators();
    await cluster.post('/operators', { name: 'transfer-leader', region_id: 9, to_store_id: 3 });
    await cluster.delete('/operators/9');
    const plan = await cluster.plan('transfer_leader', LEADER);
    expect(plan.evidence.shown).toContainEqual(
      expect.objectContaining({
        name: 'region:9 last operator',
        value: expect.objectContaining({ status: 'CANCEL' }),
      }),
    );
    // The answer is lost before PD has seen the request: the old record is all there is.
    cluster.sim.faults.dropAnswer({ method: 'POST', path: '/pd/api/v1/operators', when: 'before' });
    const { result } = await cluster.apply(plan, async (event) => {
      if (event.kind !== 'verifying' || cluster.leaderOf(9) !== '1') return;
      expect(event.verification?.state).toBe('pending');
      if (event.elapsedMs < 1300) return;
      cluster.sim.faults.holdOperators({ hold: false });
      await moveLeader(cluster, 3);
    });
    expect(result.state).toBe('succeeded');
  });
});
