import { describe, expect, test } from 'vitest';
import { holdBalancing } from './arrange.ts';
import { contentOf, startCluster, VERSIONS, toHttp } from './support.ts';

describe.concurrent.each(VERSIONS)('transfer_leader on PD %s', (version) => {
  test('plans one request and says what it touches, expects and undoes', async (context) => {
    const cluster = await startCluster(context, { version });
    const plan = await cluster.plan('transfer_leader', { region_id: 9, to_store_id: '3' });
    expect(contentOf(plan)).toEqual({
      action: 'transfer_leader',
      parameters: { region_id: 9, to_store_id: '3' },
      summary: 'Transfer the leader of region 9 from store 1 to store 3.',
      evidence: {
        bound: [
          { name: 'region:9 epoch', value: { confVer: 1, version: 1 } },
          { name: 'region:9 leader store', value: '1' },
          { name: 'store:3 state', value: 'Up' },
          { name: 'store:3 is drained', value: false },
        ],
        shown: [
          { name: 'region:9 approximate size', value: 100_663_296, unit: 'bytes' },
          {
            name: 'store:3 last heartbeat, least age',
            value: expect.any(Number),
            unit: 'milliseconds',
          },
          { name: 'store:3 leaders', value: 20, unit: 'count' },
          { name: 'store:3 regions', value: 60, unit: 'count' },
          { name: 'region:9 placement rules', value: ['pd/default (3 voters)'] },
          { name: 'region:9 last operator', value: null },
        ],
      },
      effects: [
        {
          resource: 'region:9',
          description: 'the leader moves from store 1 to store 3',
          before: '1',
          after: '3',
        },
      ],
      impact: [
        { name: 'leaders moved', value: 1, unit: 'count' },
        { name: 'regions touched', value: 1, unit: 'count' },
        { name: 'data copied', value: 0, unit: 'bytes' },
      ],
      warnings: [],
      requests: [
        {
          protocol: 'http',
          purpose: 'ask for the leader transfer',
          method: 'POST',
          path: '/pd/api/v1/operators',
          body: '{"name":"transfer-leader","region_id":9,"to_store_id":3}',
          target: [...cluster.sim.endpoints],
        },
      ],
      resources: [
        { resource: 'region:9', mode: 'exclusive' },
        { resource: 'store:1', mode: 'shared' },
        { resource: 'store:3', mode: 'shared' },
      ],
      riskLevel: 'medium',
      requiresApproval: false,
      inverse: { action: 'transfer_leader', parameters: { region_id: 9, to_store_id: '1' } },
      standingEffect: null,
      deadlineMs: 65_000,
      settleMs: 1000,
    });
    expect(cluster.changes()).toEqual([]);
  });

  test('waits longer for a region that PD gives more time', async (context) => {
    const cluster = await startCluster(context, { version, regionSizeMiB: 500 });
    const plan = await cluster.plan('transfer_leader', { region_id: 9, to_store_id: '3' });
    expect(plan.deadlineMs).toBe(500 * 600 + 5000);
  });

  test('has nothing to do where the store leads already', async (context) => {
    const cluster = await startCluster(context, { version });
    const outcome = await cluster.outcome('transfer_leader', { region_id: 9, to_store_id: '1' });
    expect(outcome).toMatchObject({
      kind: 'nothing_to_do',
      summary: 'Store 1 already leads region 9.',
      facts: { regionId: 9, leaderStoreId: '1' },
    });
  });

  test('moves the leader, proves it, and its inverse moves it back', async (context) => {
    const cluster = await startCluster(context, { version });
    const plan = await cluster.plan('transfer_leader', { region_id: 9, to_store_id: '3' });
    const { result, events } = await cluster.apply(plan);
    expect(result).toMatchObject({ state: 'succeeded', summary: 'Store 3 leads region 9.' });
    expect(result.error).toBeNull();
    expect(events.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['rechecked', 'sending', 'sent', 'verifying', 'settling', 'finished']),
    );
    expect(cluster.leaderOf(9)).toBe('3');
    const sent = cluster.changes();
    expect(sent.map(({ method, path, body }) => ({ method, path, body }))).toEqual(
      plan.requests.map(toHttp).map(({ method, path, body }) => ({ method, path, body })),
    );
    expect(sent[0]?.headers['x-caller-id']).toBe(`operator/${result.runId}`);

    const undone = await cluster.undo(plan);
    expect(undone.result.state).toBe('succeeded');
    expect(cluster.leaderOf(9)).toBe('1');
  });

  test('warns of an operator that PD will replace', async (context) => {
    const cluster = await startCluster(context, { version, stepMs: 1 });
    const regionId = await holdBalancing(cluster);
    const plan = await cluster.plan('transfer_leader', { region_id: regionId, to_store_id: '1' });
    expect(plan.warnings).toEqual([
      expect.stringMatching(/^PD will replace the running operator balance-leader-scheduler \{/u),
    ]);
  });

  test('is verified without a run by reading the leader', async (context) => {
    const cluster = await startCluster(context, { version });
    const wanted = { region_id: 9, to_store_id: '3' };
    expect(await cluster.verify('transfer_leader', wanted)).toMatchObject({
      state: 'unknown',
      verification: { state: 'pending', facts: { regionId: 9, leaderStoreId: '1' } },
    });
    await cluster.post('/operators', { name: 'transfer-leader', region_id: 9, to_store_id: 3 });
    cluster.sim.clock.advance(1000);
    expect(await cluster.verify('transfer_leader', wanted)).toMatchObject({
      state: 'succeeded',
      verification: { state: 'reached', summary: 'Store 3 leads region 9.' },
    });
    expect(
      await cluster.verify('transfer_leader', { region_id: 4, to_store_id: '3' }),
    ).toMatchObject({
      state: 'ineffective',
      verification: { state: 'failed', facts: { regionId: 4 } },
    });
  });
});
