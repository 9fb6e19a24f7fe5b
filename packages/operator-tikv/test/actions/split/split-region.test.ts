import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { startCluster, VERSIONS } from '../support.ts';

const SPLIT = { region_id: 9, policy: 'approximate' } as const;
const BODY = { name: 'split-region', ...SPLIT } as const;
const plugin = fileURLToPath(new URL('plugin.ts', import.meta.url));

describe.concurrent.each(VERSIONS)('an action that is new in one file, on PD %s', (version) => {
  test('is planned, sent and proven', async (context) => {
    const cluster = await startCluster(context, { version, plugin });
    const { result } = await cluster.run('split_region', SPLIT);
    expect(result).toMatchObject({ state: 'succeeded', answerLost: false, error: null });
    expect(cluster.changes().map(({ body }) => body)).toEqual([JSON.stringify(BODY)]);
    expect(cluster.sim.model.record(9)).toContain('split: region 9 use policy APPROXIMATE');
  });

  test('is proven by its effect when the answer is lost', async (context) => {
    const cluster = await startCluster(context, { version, plugin });
    const plan = await cluster.plan('split_region', SPLIT);
    cluster.sim.faults.dropAnswer({ method: 'POST', when: 'after' });
    const { result } = await cluster.apply(plan);
    expect(result).toMatchObject({ state: 'succeeded', answerLost: true });
  });

  test('is proven by its effect when PD refuses a second copy of its request', async (context) => {
    const cluster = await startCluster(context, { version, plugin, stepMs: 300 });
    const plan = await cluster.plan('split_region', SPLIT);
    const { result } = await cluster.apply(plan, async ({ kind }) => {
      if (kind === 'intended') {
        cluster.sim.faults.holdOperators();
        expect((await cluster.post('/operators', BODY)).status).toBe(200);
      }
      if (kind === 'sent') cluster.sim.faults.holdOperators({ hold: false });
    });
    expect(result).toMatchObject({ state: 'succeeded', answerLost: true });
    expect(result.summary).toContain('failed to add operator, maybe already have one');
  });

  test('is refused for certain by words that PD has for no other action', async (context) => {
    const cluster = await startCluster(context, { version, plugin });
    const plan = await cluster.plan('split_region', SPLIT);
    const text = 'cannot split region which is in joint state';
    cluster.sim.faults.refuseOperator({ text });
    const { result } = await cluster.apply(plan);
    expect(result).toMatchObject({
      state: 'failed',
      answerLost: false,
      refusal: { code: 'REGION_IN_JOINT_STATE', message: `PD refused: ${text}` },
      requests: [{ result: { outcome: 'refused' } }],
    });
  });

  test('is recognised in the operator that PD has ended with CANCEL', async (context) => {
    const cluster = await startCluster(context, { version, plugin });
    cluster.sim.faults.holdOperators();
    const plan = await cluster.plan('split_region', SPLIT);
    const { result } = await cluster.apply(plan, async ({ kind }) => {
      if (kind === 'sent') expect((await cluster.delete('/operators/9')).status).toBe(200);
    });
    expect(result).toMatchObject({
      state: 'ineffective',
      verification: { facts: { operator: 'admin-split-region', operatorStatus: 'CANCEL' } },
    });
  });
});
