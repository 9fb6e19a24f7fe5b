import { describe, expect, test } from 'vitest';
import { SAMPLES } from './action-samples.ts';
import { electAnother } from './arrange.ts';
import { startCluster, VERSIONS } from './support.ts';

const CASES = SAMPLES.map((one) => [one.action, one] as const);

describe.concurrent.each(VERSIONS)('an answer of PD %s is lost', (version) => {
  describe.concurrent.each(['after', 'half'] as const)('%s the request was carried out', (when) => {
    test.for(CASES)('%s: the effect decides', async ([, given], context) => {
      const { action, parameters, method, arrange } = given;
      const cluster = await startCluster(context, { version });
      await arrange?.(cluster);
      const plan = await cluster.plan(action, parameters);
      cluster.sim.clearRequests();
      cluster.sim.faults.dropAnswer({ method, when });
      const { result } = await cluster.apply(plan);
      expect(result).toMatchObject({
        state: 'succeeded',
        answerLost: true,
        summary: expect.stringMatching(/^No usable answer came \(.+\), but the effect is there: /u),
        requests: [{ result: { outcome: 'unknown' } }],
      });
      expect(cluster.changes()).toHaveLength(1);
    });
  });

  test.for(CASES)('before %s was carried out: it is not sent again', async ([, given], context) => {
    const { action, parameters, method, arrange } = given;
    const cluster = await startCluster(context, { version });
    await arrange?.(cluster);
    const plan = await cluster.plan(action, parameters);
    cluster.sim.clearRequests();
    cluster.sim.faults.dropAnswer({ method, when: 'before' });
    const ended = new AbortController();
    const looks: (string | undefined)[] = [];
    let state: string | undefined;
    for await (const event of cluster.subject.apply(plan, { signal: ended.signal })) {
      if (event.kind === 'verifying') looks.push(event.verification?.state);
      if (looks.length === 5) ended.abort();
      if (event.kind === 'finished') ({ state } = event.result);
    }
    expect(looks).toEqual(Array(5).fill('pending'));
    expect(state).toBe('verifying');
    expect(cluster.changes()).toHaveLength(1);
  });

  test('and never found out: the run ends unknown at its deadline', async (context) => {
    const cluster = await startCluster(context, { version });
    const plan = await cluster.plan('set_leader_schedule_limit', { limit: 8 });
    cluster.sim.faults.dropAnswer({ method: 'POST', when: 'before' });
    const { result } = await cluster.apply(plan);
    expect(result).toMatchObject({
      state: 'unknown',
      answerLost: true,
      error: { code: 'NOT_VERIFIED', kind: 'unverified' },
    });
    expect(cluster.changes()).toHaveLength(1);
  });
});

describe.concurrent.each(VERSIONS)('the PD leader %s is lost', (version) => {
  /** Time goes on in strides while PD has no leader, so that the test does not wait for the election. */
  const options = { version, members: 3, stepMs: 500 } as const;

  test('before the plan is applied: it can be planned again when the stores have reported', async (context) => {
    const cluster = await startCluster(context, { ...options, stepMs: 1 });
    const plan = await cluster.plan('transfer_leader', { region_id: 9, to_store_id: '3' });
    electAnother(cluster);
    await expect(cluster.apply(plan)).rejects.toMatchObject({
      code: 'PLAN_STALE',
      facts: { refusal: { code: 'CLUSTER_NOT_READY' } },
    });
    cluster.sim.clock.advance(15_000);
    const again = await cluster.plan('transfer_leader', { region_id: 9, to_store_id: '3' });
    const { result } = await cluster.apply(again, ({ kind }) => {
      if (kind === 'sent') cluster.sim.clock.advance(1000);
    });
    expect(result.state).toBe('succeeded');
    expect(cluster.leaderOf(9)).toBe('3');
    expect(cluster.changes()).toHaveLength(1);
  });

  test('with the operator that it had accepted: the run says so and ends', async (context) => {
    const cluster = await startCluster(context, options);
    cluster.sim.faults.holdOperators();
    const plan = await cluster.plan('transfer_leader', { region_id: 9, to_store_id: '3' });
    const { result } = await cluster.apply(plan, ({ kind }) => {
      if (kind === 'sent') cluster.sim.faults.loseLeader();
    });
    expect(cluster.sim.model.record(9)).toBeUndefined();
    const leader = cluster.sim.model.leaderMember();
    expect(leader).not.toBe('pd1');
    expect(result).toMatchObject({
      state: 'ineffective',
      error: { code: 'EFFECT_FAILED' },
      verification: {
        state: 'failed',
        summary: `PD no longer has this operator (the PD leader changed or started again: ${leader} leads now and does not know it). The region is as before. Store 1 leads region 9.`,
        facts: { leaderStoreId: '1', operator: null, regionAsBefore: true },
      },
    });
    expect(cluster.changes()).toHaveLength(1);
  });

  test('while a store is drained: the new PD leader continues the drain', async (context) => {
    const cluster = await startCluster(context, options);
    const plan = await cluster.plan('drain_store', { store_id: '4' });
    const { result } = await cluster.apply(plan, ({ kind }) => {
      if (kind === 'sent') cluster.sim.faults.loseLeader();
    });
    expect(result.state).toBe('succeeded');
    expect(cluster.sim.model.evictedStores()).toEqual([4]);
    expect(cluster.changes()).toHaveLength(1);
  });

  test('at the moment of sending: what may have reached it is unknown, and not sent again', async (context) => {
    const cluster = await startCluster(context, options);
    const plan = await cluster.plan('set_leader_schedule_limit', { limit: 8 });
    const { result } = await cluster.apply(plan, ({ kind }) => {
      if (kind === 'sending') cluster.sim.faults.loseLeader();
    });
    expect(result).toMatchObject({ state: 'unknown', answerLost: true });
    expect(cluster.sim.model.scheduleConfig()).toMatchObject({ 'leader-schedule-limit': 4 });
    expect(cluster.changes().length).toBeLessThanOrEqual(1);
  });
});
