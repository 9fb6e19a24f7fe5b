import { describe, expect, test } from 'vitest';
import { contentOf, startCluster, VERSIONS } from './support.ts';

describe.concurrent.each(VERSIONS)('cancel_operator on PD %s', (version) => {
  test('plans one request and says what it ends', async (context) => {
    const cluster = await startCluster(context, { version });
    cluster.sim.faults.holdOperators();
    await cluster.post('/operators', { name: 'transfer-leader', region_id: 9, to_store_id: 3 });
    const plan = await cluster.plan('cancel_operator', { region_id: 9 });
    expect(contentOf(plan)).toEqual({
      action: 'cancel_operator',
      parameters: { region_id: 9 },
      summary: 'Cancel admin-transfer-leader {transfer leader: store 1 to 3} on region 9.',
      evidence: {
        bound: [
          {
            name: 'region:9 running operator',
            value: {
              description: 'admin-transfer-leader',
              brief: 'transfer leader: store 1 to 3',
              createdAtMs: expect.any(Number),
            },
          },
        ],
        shown: [
          { name: 'region:9 current step', value: 0 },
          { name: 'region:9 steps', value: ['transfer leader from store 1 to store 3'] },
        ],
      },
      effects: [
        {
          resource: 'region:9',
          description:
            'admin-transfer-leader {transfer leader: store 1 to 3} no longer runs on region 9',
          before: 'admin-transfer-leader',
        },
      ],
      impact: [
        { name: 'leaders moved', value: 0, unit: 'count' },
        { name: 'regions touched', value: 1, unit: 'count' },
        { name: 'data copied', value: 0, unit: 'bytes' },
      ],
      warnings: [
        'PD does not inform TiKV: a step that was already sent to it may still be carried out.',
      ],
      requests: [
        {
          protocol: 'http',
          purpose: 'cancel the running operator',
          method: 'DELETE',
          path: '/pd/api/v1/operators/9',
          body: null,
          target: [...cluster.sim.endpoints],
        },
      ],
      resources: [{ resource: 'region:9', mode: 'exclusive' }],
      riskLevel: 'low',
      requiresApproval: false,
      inverse: {
        none: 'A cancelled operator cannot be resumed; what it did can be asked for again.',
      },
      standingEffect: null,
      deadlineMs: 60_000,
      settleMs: 500,
    });
  });

  test('has nothing to do where no operator runs, and tells the last one', async (context) => {
    const cluster = await startCluster(context, { version });
    expect(await cluster.outcome('cancel_operator', { region_id: 9 })).toMatchObject({
      kind: 'nothing_to_do',
      summary: 'No operator runs on region 9.',
      facts: { regionId: 9, lastOperator: null, lastStatus: null },
    });
    await cluster.post('/operators', { name: 'transfer-leader', region_id: 9, to_store_id: 3 });
    cluster.sim.clock.advance(1000);
    expect(await cluster.outcome('cancel_operator', { region_id: 9 })).toMatchObject({
      kind: 'nothing_to_do',
      facts: { lastOperator: 'admin-transfer-leader', lastStatus: 'SUCCESS' },
    });
  });

  test('cancels the operator and proves it', async (context) => {
    const cluster = await startCluster(context, { version });
    cluster.sim.faults.holdOperators();
    await cluster.post('/operators', { name: 'transfer-leader', region_id: 9, to_store_id: 3 });
    const { result } = await cluster.run('cancel_operator', { region_id: 9 });
    expect(result).toMatchObject({
      state: 'succeeded',
      summary: 'No operator runs on region 9.',
      verification: { facts: { operator: null, lastStatus: 'CANCEL' } },
    });
    expect(cluster.sim.model.runningOperator(9)).toBeUndefined();
    expect(cluster.leaderOf(9)).toBe('1');
  });

  test('says that the other half of a merge ends too', async (context) => {
    const cluster = await startCluster(context, { version });
    cluster.sim.faults.holdOperators();
    const merge = { name: 'merge-region', source_region_id: 9, target_region_id: 13 };
    expect((await cluster.post('/operators', merge)).status).toBe(200);
    const plan = await cluster.plan('cancel_operator', { region_id: 9 });
    expect(plan.impact).toContainEqual({ name: 'regions touched', value: 2, unit: 'count' });
    expect(plan.warnings).toContain(
      'It is one half of a merge: the operator of the other region ends too.',
    );
    expect((await cluster.apply(plan)).result.state).toBe('succeeded');
    expect(cluster.sim.model.runningOperator(13)).toBeUndefined();
  });

  test('does not cancel another operator than the one that was planned', async (context) => {
    const cluster = await startCluster(context, { version });
    cluster.sim.faults.holdOperators();
    await cluster.post('/operators', { name: 'transfer-leader', region_id: 9, to_store_id: 3 });
    const plan = await cluster.plan('cancel_operator', { region_id: 9 });
    await cluster.delete('/operators/9');
    await cluster.post('/operators', { name: 'transfer-leader', region_id: 9, to_store_id: 3 });
    await expect(cluster.apply(plan)).rejects.toMatchObject({
      code: 'PLAN_STALE',
      facts: { changes: [{ fact: 'region:9 running operator' }] },
    });
    expect(cluster.sim.model.runningOperator(9)).toContain('admin-transfer-leader');
  });
});
