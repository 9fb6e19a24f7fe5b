import { describe, expect, test } from 'vitest';
import { drainByHand, moveLeader } from './arrange.ts';
import { lookAfter } from './look-after.ts';
import { startCluster, VERSIONS } from './support.ts';

const LEADER = { region_id: 9, to_store_id: '3' } as const;

// What is not there now may have been there: PD's records tell.
describe.concurrent.each(VERSIONS)(
  'an effect on PD %s that came and is not there at the first look',
  (version) => {
    test('because another operator moved the leader on was taken back', async (context) => {
      const cluster = await startCluster(context, { version, stepMs: 1 });
      const plan = await cluster.plan('transfer_leader', LEADER);
      const { result } = await cluster.apply(plan, async ({ kind }) => {
        if (kind !== 'sent') return;
        cluster.sim.clock.advance(500);
        expect(cluster.leaderOf(9)).toBe('3');
        await moveLeader(cluster, 2);
      });
      expect(result).toMatchObject({ state: 'ineffective', error: { code: 'EFFECT_REVERTED' } });
      expect(result.summary).toMatch(
        /^The effect was there, but was taken back: PD no longer has this operator \(.*transfer leader: store 3 to 2.* came after it\)\./u,
      );
    });

    test('because the leader was elected elsewhere was taken back: PD carried it out', async (context) => {
      const cluster = await startCluster(context, { version, stepMs: 1 });
      const plan = await cluster.plan('transfer_leader', LEADER);
      const { result } = await cluster.apply(plan, ({ kind }) => {
        if (kind !== 'sent') return;
        cluster.sim.clock.advance(500);
        expect(cluster.leaderOf(9)).toBe('3');
        cluster.sim.faults.silenceStore({ storeId: 3 });
        cluster.sim.clock.advance(15_000);
      });
      expect(cluster.leaderOf(9)).not.toBe('3');
      expect(result).toMatchObject({ state: 'ineffective', error: { code: 'EFFECT_REVERTED' } });
      expect(result.summary).toContain(
        'PD carried the operator out, and its effect is not there now.',
      );
    });

    test('as a drain that PD had added is reverted when another user removes it', async (context) => {
      const cluster = await startCluster(context, { version });
      const plan = await cluster.plan('drain_store', { store_id: '4' });
      expect(await lookAfter(cluster, plan, { seconds: 20, answerLost: false })).toMatchObject({
        state: 'failed',
        wasReached: true,
        summary: expect.stringContaining('PD had added the drain.'),
      });
    });

    test('as a drain whose answer was lost was taken back where PD has records of its work', async (context) => {
      const cluster = await startCluster(context, { version });
      const plan = await cluster.plan('drain_store', { store_id: '4' });
      const before = await lookAfter(cluster, plan, { seconds: 185 });
      expect(before).toMatchObject({ state: 'failed', facts: { leadersEvicted: 0 } });
      expect(before).not.toHaveProperty('wasReached');
      await drainByHand(cluster, 4);
      cluster.sim.clock.advance(10_000);
      await cluster.delete('/scheduler-config/evict-leader-scheduler/delete/4');
      const after = await lookAfter(cluster, plan, { seconds: 185 });
      expect(after).toMatchObject({ state: 'failed', wasReached: true });
      expect(after.summary).toMatch(
        /^PD has records of [1-9]\d* leaders that a drain moved off it\. Store 4 is not in the evict-leader list and leads \d+ regions \(\d+ when it was planned\)\.$/u,
      );
    });
  },
);
