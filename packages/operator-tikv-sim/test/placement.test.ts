import { describe, expect, it } from 'vitest';
import { type Cluster, openCluster } from './cluster.ts';

const ZONES = { zone: ['z1', 'z2', 'z3', 'z1', 'z2'] };

/** Labels stores 1 to 5 with zones z1, z2, z3, z1, z2. */
async function labelZones(cluster: Cluster): Promise<void> {
  for (const [index, zone] of ZONES.zone.entries()) {
    await cluster.post(`/store/${index + 1}/label`, { zone });
  }
}

function rule(id: string, role: string, count: number, zones: readonly string[]): object {
  const constraints = [{ key: 'zone', op: 'in', values: zones }];
  return { group_id: 'pd', id, role, count, label_constraints: constraints };
}

/** Replaces the default rule. */
async function setRules(cluster: Cluster, rules: readonly object[]): Promise<void> {
  expect((await cluster.post('/config/rules', rules)).status).toBe(200);
  expect((await cluster.delete('/config/rule/pd/default')).status).toBe(200);
}

const TRANSFER = { name: 'transfer-leader', region_id: 9, to_store_id: 3 };
const MOVE = { name: 'transfer-peer', region_id: 9, from_store_id: 3, to_store_id: 4 };
const NOT_ALLOWED = 'cannot create operator: target leader is not allowed';

describe.each(['6.5', '8.5'] as const)('placement on PD %s', (version) => {
  it('tells how a region meets its rules', async () => {
    await using cluster = await openCluster({ version });
    const { json } = await cluster.get('/config/rules/region/9/detail');
    const shown = { 'isolation-score': 0, ...(version === '8.5' ? { 'witness-score': 0 } : {}) };
    const region = cluster.sim.model.region(9);
    expect(json).toEqual({
      'rule-fits': [
        {
          rule: {
            group_id: 'pd',
            id: 'default',
            start_key: '',
            end_key: '',
            role: 'voter',
            is_witness: false,
            count: 3,
          },
          peers: region?.peers.map(({ id, storeId }) => ({ id, store_id: storeId })),
          'peers-different-role': null,
          ...shown,
        },
      ],
      'orphan-peers': null,
    });
    expect((await cluster.get('/config/rules/region/4/detail')).status).toBe(404);
  });

  it('says 412 to all questions about rules while they are off', async () => {
    await using cluster = await openCluster({ version });
    await cluster.post('/config/replicate', { 'enable-placement-rules': 'false' });
    for (const path of ['/config/rules', '/config/placement-rule', '/config/rules/region/9/detail'])
      expect((await cluster.get(path)).status).toBe(412);
    expect((await cluster.post('/operators', MOVE)).status).toBe(200);
  });

  it('refuses leaders where a rule or a label property wants none', async () => {
    await using cluster = await openCluster({ version });
    await labelZones(cluster);
    const property = { type: 'reject-leader', 'label-key': 'zone', 'label-value': 'z3' };
    await cluster.post('/config/label-property', { action: 'set', ...property });
    expect((await cluster.get('/config/label-property')).json).toEqual({
      'reject-leader': [{ key: 'zone', value: 'z3' }],
    });
    expect((await cluster.post('/operators', TRANSFER)).json).toBe(NOT_ALLOWED);
    await cluster.post('/config/label-property', { action: 'delete', ...property });

    await setRules(cluster, [
      rule('leading', 'voter', 2, ['z1', 'z2']),
      rule('following', 'follower', 1, ['z3']),
    ]);
    expect((await cluster.post('/operators', TRANSFER)).json).toBe(NOT_ALLOWED);
    await cluster.post('/schedulers', { name: 'evict-leader-scheduler', store_id: 1 });
    cluster.wait(10_000);
    expect(cluster.sim.model.region(9)?.leaderStoreId).toBe(2);
  });

  it('takes a move that breaks a rule, and its checker takes the replica back', async () => {
    await using cluster = await openCluster({ version });
    await labelZones(cluster);
    cluster.sim.faults.pauseCheckers();
    await setRules(cluster, [
      rule('a', 'voter', 2, ['z1', 'z2']),
      rule('b', 'follower', 1, ['z3']),
    ]);
    expect((await cluster.post('/operators', MOVE)).status).toBe(200);
    cluster.wait(5_000);
    const detail = (await cluster.get('/config/rules/region/9/detail')).json;
    expect(detail).toMatchObject({
      'rule-fits': [{ peers: [{}, {}] }, { peers: null }],
      'orphan-peers': [{ store_id: 4 }],
    });
    cluster.sim.faults.pauseCheckers({ paused: false });
    cluster.wait(60_000);
    const stores = cluster.sim.model.region(9)?.peers.map(({ storeId }) => storeId);
    expect(stores?.toSorted()).toEqual([1, 2, 3]);
  });

  it('moves a replica to where the location labels keep it farther from the others', async () => {
    await using cluster = await openCluster({ version });
    await labelZones(cluster);
    cluster.sim.faults.pauseCheckers();
    await cluster.post('/config/replicate', { 'location-labels': 'zone' });
    await cluster.post('/operators', MOVE);
    cluster.wait(5_000);
    expect((await cluster.get('/config/rules/region/9/detail')).json).toMatchObject({
      'rule-fits': [{ 'isolation-score': 2, rule: { location_labels: ['zone'] } }],
    });
    cluster.sim.faults.pauseCheckers({ paused: false });
    cluster.wait(60_000);
    const zones = cluster.sim.model.region(9)?.peers.map(({ storeId }) => ZONES.zone[storeId - 1]);
    expect(zones?.toSorted()).toEqual(['z1', 'z2', 'z3']);
  });

  it('keeps witnesses as witnesses, and never lets one lead', async () => {
    await using cluster = await openCluster({ version });
    cluster.sim.faults.pauseCheckers();
    cluster.sim.faults.makeWitness({ regionId: 9, storeId: 3 });
    expect((await cluster.post('/operators', TRANSFER)).json).toBe(NOT_ALLOWED);
    expect((await cluster.post('/operators', MOVE)).status).toBe(200);
    cluster.wait(5_000);
    expect((await cluster.get('/region/id/9')).json).toMatchObject({
      peers: [{ store_id: 1 }, { store_id: 2 }, { store_id: 4, is_witness: true }],
    });
  });

  it('shows how much of a disk is left, and sends no replica to a full one', async () => {
    await using cluster = await openCluster({ version, regions: 200 });
    cluster.sim.faults.fillStore({ storeId: 4, availableBytes: 2 ** 33 });
    expect((await cluster.get('/store/4')).json).toMatchObject({ status: { available: '8GiB' } });
    await cluster.post('/config/replicate', { 'location-labels': 'zone' });
    const before = cluster.sim.model.store(4)?.regionCount;
    await cluster.delete('/store/5');
    cluster.wait(600_000);
    expect(cluster.sim.model.store(5)?.regionCount).toBeLessThan(120);
    expect(cluster.sim.model.store(4)?.regionCount).toBe(before);
  });
});

it('lets the replication section decide nothing beside rules of an administrator', async () => {
  await using cluster = await openCluster();
  await cluster.post('/config/rule', { group_id: 'x', id: 'y', role: 'learner', count: 1 });
  const told = await cluster.post('/config/replicate', { 'location-labels': 'zone' });
  expect(told).toMatchObject({
    status: 500,
    json: expect.stringContaining('not only default rule'),
  });
  expect((await cluster.delete('/config/rule/pd/default')).json).toMatch(/ErrBuildRuleList/);
});
