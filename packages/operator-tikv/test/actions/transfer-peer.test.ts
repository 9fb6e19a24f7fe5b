import { describe, expect, test } from 'vitest';
import { addLearner, drainByHand, leaveInJointState } from './arrange.ts';
import { contentOf, startCluster, VERSIONS, toHttp } from './support.ts';

const MOVE = { region_id: 9, from_store_id: '3', to_store_id: '4' };

describe.concurrent.each(VERSIONS)('transfer_peer on PD %s', (version) => {
  test('plans one request and says what it touches, expects and undoes', async (context) => {
    const cluster = await startCluster(context, { version });
    const plan = await cluster.plan('transfer_peer', MOVE);
    expect(contentOf(plan)).toEqual({
      action: 'transfer_peer',
      parameters: MOVE,
      summary: 'Move the peer of region 9 from store 3 to store 4.',
      evidence: {
        bound: [
          { name: 'region:9 epoch', value: { confVer: 1, version: 1 } },
          { name: 'region:9 leader store', value: '1' },
          { name: 'store:4 state', value: 'Up' },
          {
            name: 'region:9 peers',
            value: [
              { storeId: '1', role: 'Voter' },
              { storeId: '2', role: 'Voter' },
              { storeId: '3', role: 'Voter' },
            ],
          },
        ],
        shown: [
          { name: 'region:9 approximate size', value: 100_663_296, unit: 'bytes' },
          {
            name: 'store:4 last heartbeat, least age',
            value: expect.any(Number),
            unit: 'milliseconds',
          },
          { name: 'store:4 leaders', value: 20, unit: 'count' },
          { name: 'store:4 regions', value: 60, unit: 'count' },
          { name: 'store:4 available', value: expect.any(Number), unit: 'bytes' },
          { name: 'store:4 add-peer limit', value: 15, unit: 'count' },
          { name: 'store:3 remove-peer limit', value: 15, unit: 'count' },
          { name: 'region:9 placement rules', value: ['pd/default (3 voters)'] },
          { name: 'region:9 last operator', value: null },
        ],
      },
      effects: [
        {
          resource: 'region:9',
          description: 'a voter on store 4 takes the place of the one on store 3',
          before: [
            { storeId: '1', role: 'Voter' },
            { storeId: '2', role: 'Voter' },
            { storeId: '3', role: 'Voter' },
          ],
          after: [
            { storeId: '1', role: 'Voter' },
            { storeId: '2', role: 'Voter' },
            { storeId: '4', role: 'Voter' },
          ],
        },
      ],
      impact: [
        { name: 'leaders moved', value: 0, unit: 'count' },
        { name: 'regions touched', value: 1, unit: 'count' },
        { name: 'data copied', value: 100_663_296, unit: 'bytes' },
      ],
      warnings: [],
      requests: [
        {
          protocol: 'http',
          purpose: 'ask for the peer transfer',
          method: 'POST',
          path: '/pd/api/v1/operators',
          body: '{"name":"transfer-peer","region_id":9,"from_store_id":3,"to_store_id":4}',
          target: [...cluster.sim.endpoints],
        },
      ],
      resources: [
        { resource: 'region:9', mode: 'exclusive' },
        { resource: 'store:3', mode: 'shared' },
        { resource: 'store:4', mode: 'shared' },
      ],
      riskLevel: 'high',
      requiresApproval: false,
      inverse: {
        action: 'transfer_peer',
        parameters: { region_id: 9, from_store_id: '4', to_store_id: '3' },
      },
      standingEffect: null,
      deadlineMs: 600_000 + 4 * 60_000 + 5000,
      settleMs: 3010,
    });
    expect(cluster.changes()).toEqual([]);
  });

  test('says that the leader moves first where the source leads', async (context) => {
    const cluster = await startCluster(context, { version });
    const plan = await cluster.plan('transfer_peer', { ...MOVE, from_store_id: '1' });
    expect(plan.impact[0]).toEqual({ name: 'leaders moved', value: 1, unit: 'count' });
    expect(plan.warnings).toEqual([
      'Store 1 leads the region: the leader moves to another voter first.',
    ]);
  });

  test('warns where moving away a peer that is down leaves no room for another failure', async (context) => {
    const cluster = await startCluster(context, { version });
    cluster.sim.faults.setDownPeer({ regionId: 9, storeId: 3 });
    const plan = await cluster.plan('transfer_peer', MOVE);
    expect(plan.warnings).toEqual([
      'Only 2 of 3 voters are healthy: one more failure during the move can cost the majority.',
    ]);
  });

  test('has nothing to do where the peer has moved already', async (context) => {
    const cluster = await startCluster(context, { version });
    const outcome = await cluster.outcome('transfer_peer', {
      region_id: 9,
      from_store_id: '5',
      to_store_id: '3',
    });
    expect(outcome).toMatchObject({
      kind: 'nothing_to_do',
      summary: 'Region 9 has a healthy voter on store 3 and no peer on store 5.',
    });
  });

  test('moves the peer, proves it, and its inverse moves it back', async (context) => {
    const cluster = await startCluster(context, { version });
    const plan = await cluster.plan('transfer_peer', MOVE);
    const { result } = await cluster.apply(plan);
    expect(result).toMatchObject({
      state: 'succeeded',
      verification: { facts: { regionId: 9, peers: plan.effects[0]?.after } },
    });
    expect(cluster.storesOf(9)).toEqual([1, 2, 4]);
    expect(cluster.changes().map(({ body }) => body)).toEqual([toHttp(plan.requests[0]).body]);

    const undone = await cluster.undo(plan);
    expect(undone.result.state).toBe('succeeded');
    expect(cluster.storesOf(9)).toEqual([1, 2, 3]);
  });

  test('moves a learner, which stays one, and back', async (context) => {
    const cluster = await startCluster(context, { version });
    await addLearner(cluster, 4);
    const move = { region_id: 9, from_store_id: '4', to_store_id: '5' };
    const plan = await cluster.plan('transfer_peer', move);
    expect(plan.effects[0]).toMatchObject({
      description: 'a learner on store 5 takes the place of the one on store 4',
      after: expect.arrayContaining([{ storeId: '5', role: 'Learner' }]),
    });
    const { result } = await cluster.apply(plan);
    expect(result).toMatchObject({ state: 'succeeded', verification: { cause: 'this_run' } });
    expect(cluster.sim.model.region(9)?.peers.map(({ storeId, role }) => [storeId, role])).toEqual([
      [1, 'Voter'],
      [2, 'Voter'],
      [3, 'Voter'],
      [5, 'Learner'],
    ]);
    const undone = await cluster.undo(plan);
    expect(undone.result.state).toBe('succeeded');
    expect(cluster.storesOf(9)).toEqual([1, 2, 3, 4]);
  });

  test('moves a witness, which stays one and copies no data', async (context) => {
    const cluster = await startCluster(context, { version });
    cluster.sim.faults.pauseCheckers();
    cluster.sim.faults.makeWitness({ regionId: 9, storeId: 3 });
    const plan = await cluster.plan('transfer_peer', MOVE);
    const witness = { storeId: '4', role: 'Voter', isWitness: true };
    expect(plan.effects[0]?.after).toContainEqual(witness);
    expect(plan.impact).toContainEqual({ name: 'data copied', value: 0, unit: 'bytes' });
    const { result } = await cluster.apply(plan);
    expect(result).toMatchObject({
      state: 'succeeded',
      summary: 'Region 9 has peers on stores 1 (Voter), 2 (Voter), 4 (Voter, witness).',
      verification: { facts: { peers: expect.arrayContaining([witness]) } },
    });
  });

  test('moves a learner to a store that is drained of leaders', async (context) => {
    const cluster = await startCluster(context, { version });
    await addLearner(cluster, 4);
    await drainByHand(cluster, 5);
    const move = { region_id: 9, from_store_id: '4', to_store_id: '5' };
    expect(await cluster.outcome('transfer_peer', move)).toMatchObject({ kind: 'plan' });
  });

  test('does not take a learner on the target for the voter that was to come', async (context) => {
    const cluster = await startCluster(context, { version });
    const plan = await cluster.plan('transfer_peer', MOVE);
    cluster.sim.faults.pauseCheckers();
    await cluster.post('/operators', { name: 'add-learner', region_id: 9, store_id: 4 });
    cluster.sim.clock.advance(5000);
    await cluster.post('/operators', { name: 'remove-peer', region_id: 9, store_id: 3 });
    cluster.sim.clock.advance(5000);
    expect(cluster.storesOf(9)).toEqual([1, 2, 4]);
    expect(await cluster.verify('transfer_peer', MOVE, plan)).toMatchObject({
      verification: { state: 'pending' },
    });
  });

  test('must hold for a round of the checkers over all regions, and no longer than 30 s', async (context) => {
    const settleOf = async (regions: number, interval: string): Promise<number> => {
      const cluster = await startCluster(context, { version, regions });
      await cluster.post('/config/schedule', { 'patrol-region-interval': interval });
      return (await cluster.plan('transfer_peer', MOVE)).settleMs;
    };
    expect(await settleOf(1000, '10ms')).toBe(3000 + 8 * 10);
    expect(await settleOf(1000, '1s')).toBe(3000 + 8 * 1000);
    expect(await settleOf(1000, '1m0s')).toBe(30_000);
  });

  test('moves the peer that leads', async (context) => {
    const cluster = await startCluster(context, { version });
    const { result } = await cluster.run('transfer_peer', { ...MOVE, from_store_id: '1' });
    expect(result.state).toBe('succeeded');
    expect(cluster.storesOf(9)).toEqual([2, 3, 4]);
  });

  test('has not come as long as the region is in its joint state', async (context) => {
    const cluster = await startCluster(context, { version, stepMs: 10 });
    await cluster.ask((await cluster.plan('transfer_peer', MOVE)).requests[0]);
    const seen: string[] = [];
    for (let look = 0; look < 100 && seen.at(-1) !== 'reached'; look += 1) {
      const { verification } = await cluster.verify('transfer_peer', MOVE);
      const summary = verification?.summary ?? '';
      const isMoved = summary === 'Region 9 has peers on stores 1 (Voter), 2 (Voter), 4 (Voter).';
      expect(verification?.state, summary).toBe(isMoved ? 'reached' : 'pending');
      seen.push(verification?.state ?? 'nothing', summary);
      if (isMoved) break;
    }
    expect(seen.join(' ')).toMatch(/Learner.*IncomingVoter.*DemotingVoter.*reached/u);
  });

  test('has not come as long as another change of the region is in its joint state', async (context) => {
    const cluster = await startCluster(context, { version });
    const wanted = { region_id: 9, from_store_id: '5', to_store_id: '2' };
    expect(await cluster.verify('transfer_peer', wanted)).toMatchObject({ state: 'succeeded' });
    await leaveInJointState(cluster);
    expect(await cluster.verify('transfer_peer', wanted)).toMatchObject({
      state: 'unknown',
      verification: { state: 'pending' },
    });
  });

  test('is seen to have failed where the region is gone', async (context) => {
    const cluster = await startCluster(context, { version });
    expect(await cluster.verify('transfer_peer', { ...MOVE, region_id: 4 })).toMatchObject({
      state: 'ineffective',
      verification: { state: 'failed', facts: { regionId: 4 } },
    });
  });
});
