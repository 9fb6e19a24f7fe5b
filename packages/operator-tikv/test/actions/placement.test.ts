import { describe, expect, test } from 'vitest';
import { addLearner } from './arrange.ts';
import { isolateZones, labelZones, mustPost, setZoneRules, zoneRule } from './arrange-placement.ts';
import { startCluster, VERSIONS } from './support.ts';
import type { Cluster } from './support.ts';

const MOVE = { region_id: 9, from_store_id: '3', to_store_id: '4' };

/** The peers of region 9 as PD tells them: store, role, witness. */
async function peersOf(cluster: Cluster): Promise<readonly string[]> {
  const answer = await fetch(`${cluster.sim.endpoints[0]}/pd/api/v1/region/id/9`);
  const { peers } = (await answer.json()) as {
    peers: readonly { store_id: number; role_name: string; is_witness?: boolean }[];
  };
  return peers.map(
    ({ store_id, role_name, is_witness }) =>
      `${store_id} ${is_witness === true ? 'Witness' : role_name}`,
  );
}

describe.concurrent.each(VERSIONS)('placement on PD %s', (version) => {
  test('moves a learner as a learner, and back', async (context) => {
    const cluster = await startCluster(context, { version });
    await addLearner(cluster, 4);
    const rule = { group_id: 'pd', id: 'extra', role: 'learner', count: 1 };
    await mustPost(cluster, '/config/rule', rule);
    const move = { region_id: 9, from_store_id: '4', to_store_id: '5' };
    const plan = await cluster.plan('transfer_peer', move);
    expect(plan.effects).toMatchObject([
      {
        description: 'a learner on store 5 takes the place of the one on store 4',
        after: [{}, {}, {}, { storeId: '5', role: 'Learner' }],
      },
    ]);
    expect((await cluster.apply(plan)).result.state).toBe('succeeded');
    expect(await peersOf(cluster)).toEqual(['1 Voter', '2 Voter', '3 Voter', '5 Learner']);
    expect((await cluster.undo(plan)).result.state).toBe('succeeded');
    expect(await peersOf(cluster)).toEqual(['1 Voter', '2 Voter', '3 Voter', '4 Learner']);
  });

  test('moves a learner to a store that is drained of leaders, or that is a TiFlash store', async (context) => {
    const cluster = await startCluster(context, { version, tiflashStores: 2 });
    const region = cluster.sim.model.regions()[0]?.id ?? 0;
    const flash = { key: 'engine', op: 'in', values: ['tiflash'] };
    const rule = { group_id: 'tiflash', id: 'x', role: 'learner', count: 1 };
    await mustPost(cluster, '/config/rule', { ...rule, label_constraints: [flash] });
    const move = { region_id: region, from_store_id: '6', to_store_id: '7' };
    const { result } = await cluster.run('transfer_peer', move);
    expect(result.state).toBe('succeeded');
    expect(cluster.storesOf(region)).toEqual([1, 2, 3, 7]);
    const away = { ...move, from_store_id: '7', to_store_id: '4' };
    expect(await cluster.outcome('transfer_peer', away)).toMatchObject({
      kind: 'refused',
      refusal: { code: 'STORE_IS_TIFLASH' },
    });
  });

  test('moves a witness as a witness', async (context) => {
    const cluster = await startCluster(context, { version });
    cluster.sim.faults.pauseCheckers();
    cluster.sim.faults.makeWitness({ regionId: 9, storeId: 3 });
    const { result } = await cluster.run('transfer_peer', MOVE);
    expect(result.state).toBe('succeeded');
    expect(await peersOf(cluster)).toEqual(['1 Voter', '2 Voter', '4 Witness']);
  });

  test('warns of two voters in one zone where nothing forbids it and PD would leave it so', async (context) => {
    const cluster = await startCluster(context, { version });
    await mustPost(cluster, '/config/schedule', { 'replica-schedule-limit': 0 });
    await isolateZones(cluster, '');
    const plan = await cluster.plan('transfer_peer', MOVE);
    expect(plan.warnings).toEqual([
      '2 of 3 voters of region 9 would be in zone=z1: losing zone=z1 then loses the region.',
    ]);
    expect((await cluster.plan('transfer_peer', { ...MOVE, to_store_id: '5' })).warnings).toEqual([
      '2 of 3 voters of region 9 would be in zone=z2: losing zone=z2 then loses the region.',
    ]);
  });

  test('warns of two voters on one host of a zone, by the labels zone and host', async (context) => {
    const cluster = await startCluster(context, { version });
    await mustPost(cluster, '/config/schedule', { 'replica-schedule-limit': 0 });
    for (const [index, host] of ['h1', 'h2', 'h3', 'h1', 'h4'].entries()) {
      await mustPost(cluster, `/store/${index + 1}/label`, { zone: 'z1', host });
    }
    await mustPost(cluster, '/config/replicate', { 'location-labels': 'zone,host' });
    const plan = await cluster.plan('transfer_peer', MOVE);
    expect(plan.warnings).toEqual([
      '2 of 3 voters of region 9 would be in zone=z1,host=h1: losing zone=z1,host=h1 then loses the region.',
    ]);
    const apart = await cluster.plan('transfer_peer', { ...MOVE, to_store_id: '5' });
    expect(apart.warnings).toEqual([]);
  });

  test("warns by the location labels of PD's configuration where the rule has none", async (context) => {
    const cluster = await startCluster(context, { version });
    await isolateZones(cluster, '');
    const rule = { group_id: 'pd', id: 'default', role: 'voter', count: 3 };
    await mustPost(cluster, '/config/rule', rule);
    const plan = await cluster.plan('transfer_peer', MOVE);
    expect(plan.warnings).toEqual([
      '2 of 3 voters of region 9 would be in zone=z1: losing zone=z1 then loses the region.',
    ]);
  });

  test('lets a voter move within its zone, and out of a zone that it shares', async (context) => {
    const cluster = await startCluster(context, { version });
    cluster.sim.faults.pauseCheckers();
    await isolateZones(cluster, 'zone');
    const within = { region_id: 9, from_store_id: '1', to_store_id: '4' };
    expect((await cluster.plan('transfer_peer', within)).warnings).toEqual([
      'Store 1 leads the region: the leader moves to another voter first.',
    ]);
    await mustPost(cluster, '/operators', {
      name: 'transfer-peer',
      region_id: 9,
      from_store_id: 3,
      to_store_id: 4,
    });
    cluster.sim.clock.advance(5000);
    const out = { region_id: 9, from_store_id: '4', to_store_id: '3' };
    expect((await cluster.run('transfer_peer', out)).result.state).toBe('succeeded');
  });

  test('keeps to the replication settings while placement rules are off', async (context) => {
    const cluster = await startCluster(context, { version });
    await mustPost(cluster, '/config/replicate', { 'enable-placement-rules': 'false' });
    expect((await cluster.plan('transfer_peer', MOVE)).warnings).toEqual([]);
    expect(
      (await cluster.plan('transfer_leader', { region_id: 9, to_store_id: '3' })).warnings,
    ).toEqual([]);
    await isolateZones(cluster, 'zone');
    expect(await cluster.outcome('transfer_peer', MOVE)).toMatchObject({
      refusal: { code: 'ISOLATION_LOST', facts: { domain: 'zone=z1' } },
    });
  });

  test('lets a move mend what breaks a rule', async (context) => {
    const cluster = await startCluster(context, { version });
    cluster.sim.faults.pauseCheckers();
    await setZoneRules(cluster, [
      zoneRule('one', { role: 'voter', count: 2, zones: ['z1'] }),
      zoneRule('two', { role: 'voter', count: 1, zones: ['z2'] }),
    ]);
    const { result } = await cluster.run('transfer_peer', MOVE);
    expect(result.state).toBe('succeeded');
    const worse = { region_id: 9, from_store_id: '2', to_store_id: '3' };
    expect(await cluster.outcome('transfer_peer', worse)).toMatchObject({
      refusal: { code: 'RULE_NOT_MET', facts: { rules: [{ id: 'two', wanted: 1, after: 0 }] } },
    });
  });

  test('holds a store that a label sets apart for closed to ordinary replicas', async (context) => {
    const cluster = await startCluster(context, { version });
    await mustPost(cluster, '/store/4/label', { $dedicated: 'etl' });
    expect(await cluster.outcome('transfer_peer', MOVE)).toMatchObject({
      refusal: { code: 'RULE_NOT_MET', facts: { labels: { $dedicated: 'etl' } } },
    });
  });

  test('warns of store limits that the move is not held to', async (context) => {
    const cluster = await startCluster(context, { version });
    await mustPost(cluster, '/store/4/limit', { rate: 0.1, type: 'add-peer' });
    expect((await cluster.plan('transfer_peer', MOVE)).warnings).toEqual([
      'The store limit lets PD add to store 4 0.1 replicas a minute; this move is exempt from it.',
    ]);
  });

  test('warns of a leader transfer whose rules cannot be read, and says why', async (context) => {
    const cluster = await startCluster(context, { version });
    cluster.sim.faults.answerWith({
      path: '/pd/api/v1/config/rules/region/9/detail',
      status: 403,
      body: 'forbidden by the proxy',
      times: -1,
    });
    const plan = await cluster.plan('transfer_leader', { region_id: 9, to_store_id: '3' });
    expect(plan.warnings).toHaveLength(1);
    expect(plan.warnings[0]).toContain('forbidden by the proxy');
    expect(plan.evidence.shown).toContainEqual({
      name: 'region:9 placement rules',
      value: { unknown: expect.stringContaining('status 403') },
    });
  });

  test('sees a rule that was changed between plan and sending', async (context) => {
    const cluster = await startCluster(context, { version });
    const plan = await cluster.plan('transfer_peer', MOVE);
    await labelZones(cluster);
    await isolateZones(cluster, 'zone');
    const failure = await cluster.apply(plan).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'PLAN_STALE' });
    expect(cluster.storesOf(9)).toEqual([1, 2, 3]);
  });
});
