import type { JsonObject } from 'operator-core';
import { describe, expect, test } from 'vitest';
import { lookAfter } from './look-after.ts';
import { startCluster, VERSIONS } from './support.ts';

/** Actions whose effect PD shows, so that its absence can be read. */
const CASES: readonly (readonly [string, JsonObject])[] = [
  ['transfer_leader', { region_id: 9, to_store_id: '3' }],
  ['transfer_peer', { region_id: 9, from_store_id: '3', to_store_id: '4' }],
  ['drain_store', { store_id: '4' }],
];

describe.concurrent.each(VERSIONS)('a request to PD %s whose answer was lost', (version) => {
  test.for(CASES)(
    '%s: may still be retransmitted by the kernel after 110 s, and no longer after three minutes',
    async ([action, parameters], context) => {
      const cluster = await startCluster(context, { version });
      const plan = await cluster.plan(action, parameters);
      for (const seconds of [20, 75, 110, 170]) {
        expect(await lookAfter(cluster, plan, { seconds }), `after ${seconds} s`).toMatchObject({
          state: 'pending',
          summary: expect.stringContaining('the request may still arrive'),
        });
      }
      expect(await lookAfter(cluster, plan, { seconds: 185 })).toMatchObject({ state: 'failed' });
    },
  );

  test('and of which the answer came counts as gone within seconds', async (context) => {
    const cluster = await startCluster(context, { version });
    const plan = await cluster.plan('drain_store', { store_id: '4' });
    const looked = await lookAfter(cluster, plan, { seconds: 20, answerLost: false });
    expect(looked).toMatchObject({ state: 'failed' });
  });

  test('is watched for with its lease, even where the drain has little to move', async (context) => {
    const cluster = await startCluster(context, { version, regions: 5 });
    const plan = await cluster.plan('drain_store', { store_id: '4' });
    expect(plan.deadlineMs).toBeGreaterThan(180_000);
  });
});
