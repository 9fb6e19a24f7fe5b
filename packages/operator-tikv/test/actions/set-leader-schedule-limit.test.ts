import { describe, expect, test } from 'vitest';
import { drainByHand } from './arrange.ts';
import { contentOf, startCluster, VERSIONS } from './support.ts';

describe.concurrent.each(VERSIONS)('set_leader_schedule_limit on PD %s', (version) => {
  test('plans one request and says what it changes and undoes', async (context) => {
    const cluster = await startCluster(context, { version });
    const plan = await cluster.plan('set_leader_schedule_limit', { limit: 8 });
    expect(contentOf(plan)).toEqual({
      action: 'set_leader_schedule_limit',
      parameters: { limit: 8 },
      summary: 'Set leader-schedule-limit from 4 to 8.',
      evidence: {
        bound: [{ name: 'leader-schedule-limit', value: 4, unit: 'count' }],
        shown: [{ name: 'drained stores', value: [] }],
      },
      effects: [
        {
          resource: 'config:leader-schedule-limit',
          description: 'PD moves up to 8 leaders at a time',
          before: 4,
          after: 8,
        },
      ],
      impact: [],
      warnings: [],
      requests: [
        {
          protocol: 'http',
          purpose: 'set the schedule configuration',
          method: 'POST',
          path: '/pd/api/v1/config/schedule',
          body: '{"leader-schedule-limit":8}',
          target: [...cluster.sim.endpoints],
        },
      ],
      resources: [{ resource: 'config:leader-schedule-limit', mode: 'exclusive' }],
      riskLevel: 'medium',
      requiresApproval: false,
      inverse: { action: 'set_leader_schedule_limit', parameters: { limit: 4 } },
      standingEffect: null,
      deadlineMs: 10_000,
      settleMs: 500,
    });
    expect(cluster.changes()).toEqual([]);
  });

  test('has nothing to do where the limit is that already', async (context) => {
    const cluster = await startCluster(context, { version });
    expect(await cluster.outcome('set_leader_schedule_limit', { limit: 4 })).toMatchObject({
      kind: 'nothing_to_do',
      summary: 'leader-schedule-limit is already 4.',
      facts: { leaderScheduleLimit: 4 },
    });
  });

  test('sets the limit, proves it, and its inverse sets the old one', async (context) => {
    const cluster = await startCluster(context, { version });
    const plan = await cluster.plan('set_leader_schedule_limit', { limit: 8 });
    const { result } = await cluster.apply(plan);
    expect(result).toMatchObject({ state: 'succeeded', summary: 'leader-schedule-limit is 8.' });
    expect(cluster.sim.model.scheduleConfig()).toMatchObject({ 'leader-schedule-limit': 8 });
    expect((await cluster.undo(plan)).result.state).toBe('succeeded');
    expect(cluster.sim.model.scheduleConfig()).toMatchObject({ 'leader-schedule-limit': 4 });
  });

  test('warns that 0 stops balancing, and is of high risk where it stops drains', async (context) => {
    const cluster = await startCluster(context, { version });
    const idle = await cluster.plan('set_leader_schedule_limit', { limit: 0 });
    expect(idle.riskLevel).toBe('medium');
    expect(idle.warnings).toEqual(['With 0 PD moves no leaders at all: balancing stops.']);
    await drainByHand(cluster, 4);
    await drainByHand(cluster, 2);
    const draining = await cluster.plan('set_leader_schedule_limit', { limit: 0 });
    expect(draining.riskLevel).toBe('high');
    expect(draining.warnings).toEqual([
      'With 0 PD moves no leaders at all: balancing stops, and the drains of stores 2, 4 stand still.',
    ]);
  });

  test('is not applied when another user has set another limit since', async (context) => {
    const cluster = await startCluster(context, { version });
    const plan = await cluster.plan('set_leader_schedule_limit', { limit: 8 });
    await cluster.post('/config/schedule', { 'leader-schedule-limit': 16 });
    await expect(cluster.apply(plan)).rejects.toMatchObject({
      code: 'PLAN_STALE',
      facts: { changes: [{ fact: 'leader-schedule-limit', before: 4, now: 16 }] },
    });
  });

  test('takes no limit that PD does not take', async (context) => {
    const cluster = await startCluster(context, { version });
    for (const limit of [-1, 1.5, '8', null, 2 ** 53]) {
      await expect(cluster.outcome('set_leader_schedule_limit', { limit })).rejects.toMatchObject({
        code: 'PARAMETERS_INVALID',
      });
    }
    expect(cluster.sim.requests).toEqual([]);
  });
});
