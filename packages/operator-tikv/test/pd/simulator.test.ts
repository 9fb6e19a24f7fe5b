import { startTikvSim } from 'operator-tikv-sim';
import type { TikvSim } from 'operator-tikv-sim';
import { describe, expect, it, onTestFinished } from 'vitest';

import { PDClient } from '../../src/pd/index.ts';
import {
  cancelRequest,
  drainRequest,
  leaderRequest,
  limitRequest,
  peerRequest,
  undrainRequest,
} from '../changes.ts';

type Options = NonNullable<Parameters<typeof startTikvSim>[0]>;

async function start(
  options: Options,
): Promise<{ readonly sim: TikvSim; readonly client: PDClient }> {
  const sim = await startTikvSim({ stores: 5, regions: 100, replicas: 3, seed: 1, ...options });
  const client = new PDClient({ endpoints: sim.endpoints });
  onTestFinished(async () => {
    await client.close();
    await sim.stop();
  });
  return { sim, client };
}

const OPERATORS = { method: 'POST', path: '/pd/api/v1/operators' } as const;

describe.each(['6.5', '8.5'] as const)('against a simulated PD %s', (version) => {
  it('reads everything', async () => {
    const { client, sim } = await start({ version });
    const members = await client.getMembers();
    expect(members.clusterId).toBe(sim.clusterId);
    await expect(client.getLeaderEndpoint()).resolves.toBe(sim.endpoints[0]);
    const stores = await client.getStores();
    expect(stores.map(({ id, leaderCount }) => [id, leaderCount])).toStrictEqual(
      [1, 2, 3, 4, 5].map((id) => [id, 20]),
    );
    await expect(client.getStore(3)).resolves.toMatchObject({ id: 3, state: 'Up' });
    await expect(client.getStore(99)).resolves.toBeNull();
    await expect(client.getRegionCount()).resolves.toBe(100);
    await expect(client.getRegion(49)).resolves.toMatchObject({ id: 49, leader: { storeId: 1 } });
    await expect(client.getRegion(50)).resolves.toBeNull();
    await expect(client.getOperators()).resolves.toStrictEqual([]);
    await expect(client.getOperator(49)).resolves.toBeNull();
    await expect(client.getSchedulers()).resolves.toContain('balance-leader-scheduler');
    await expect(client.getEvictLeaderStores()).resolves.toBeNull();
    await expect(client.getScheduleConfig()).resolves.toMatchObject({ leaderScheduleLimit: 4 });
    await expect(client.getReplicationConfig()).resolves.toMatchObject({ maxReplicas: 3 });
    await expect(client.getCluster()).resolves.toMatchObject({ id: sim.clusterId });
    await expect(client.getClusterStatus()).resolves.toMatchObject({ isBootstrapped: true });
    await expect(client.getHealth()).resolves.toMatchObject([{ isHealthy: true }]);
    await expect(client.getStatus(sim.endpoints[0] ?? '')).resolves.toMatchObject({
      version: expect.stringContaining(version),
    });
    await expect(client.getRegionCheck('miss-peer')).resolves.toStrictEqual([]);
  });

  it('walks through all regions by key, and finds each by its key', async () => {
    const { client } = await start({ version });
    const ids: number[] = [];
    for (let startKey = ''; ;) {
      const page = await client.getRegionsByKey({ startKey, limit: 30 });
      ids.push(...page.map(({ id }) => id));
      startKey = page.at(-1)?.endKey ?? '';
      if (startKey === '') break;
    }
    expect(new Set(ids).size).toBe(100);
    expect(ids).toHaveLength(100);
    const region = await client.getRegion(ids[50] ?? 0);
    await expect(client.getRegionByKey(region?.startKey ?? '')).resolves.toMatchObject({
      id: ids[50],
    });
    await expect(client.getRegionByKey(`${region?.startKey}00`)).resolves.toMatchObject({
      id: ids[50],
    });
  });

  it('finds the regions that a store leads, whatever the version knows of types', async () => {
    const { client } = await start({ version });
    const led = await client.getRegionsOfStore(2, { type: 'leader' });
    expect(led).toHaveLength(20);
    expect(new Set(led.map(({ leader }) => leader?.storeId))).toStrictEqual(new Set([2]));
    await expect(client.getRegionsOfStore(2, { type: 'follower' })).resolves.toHaveLength(40);
    await expect(client.getRegionsOfStore(2)).resolves.toHaveLength(60);
  });

  it('changes things, and PD does them', async () => {
    const { client, sim } = await start({ version, stepMs: 1 });
    await expect(client.change(leaderRequest(49, 2))).resolves.toMatch(/\S/u);
    await expect(client.getOperators()).resolves.toMatchObject([
      {
        regionId: 49,
        description: 'admin-transfer-leader',
        brief: 'transfer leader: store 1 to 2',
      },
    ]);
    sim.clock.advance(2000);
    await expect(client.getOperator(49)).resolves.toMatchObject({
      status: 'SUCCESS',
      regionId: 49,
    });
    expect(sim.model.region(49)?.leaderStoreId).toBe(2);
    await client.change(drainRequest(3));
    await client.change(drainRequest(4));
    await expect(client.getEvictLeaderStores()).resolves.toStrictEqual({ storeIds: [3, 4] });
    await expect(client.change(undrainRequest(3))).resolves.toBe('');
    await expect(client.change(undrainRequest(4))).resolves.toMatch(/last store/u);
    await expect(client.change(undrainRequest(4))).rejects.toMatchObject({
      code: 'PD_NOT_FOUND',
    });
    await client.change(limitRequest(9));
    await expect(client.getScheduleConfig()).resolves.toMatchObject({ leaderScheduleLimit: 9 });
    await expect(client.change(peerRequest(53, 1, 2))).rejects.toMatchObject({
      code: 'PD_REFUSED',
      status: 500,
    });
    await expect(client.change(cancelRequest(53))).rejects.toMatchObject({ code: 'PD_NOT_FOUND' });
  });

  it('does not send a change again whose answer was lost, executed or not', async () => {
    const { client, sim } = await start({ version, members: 3 });
    await client.getMembers();
    for (const when of ['before', 'after', 'half'] as const) {
      sim.clearRequests();
      sim.faults.dropAnswer({ ...OPERATORS, when });
      await expect(client.change(leaderRequest(57, 4))).rejects.toMatchObject({
        code: 'PD_OUTCOME_UNKNOWN',
      });
      expect(sim.requests.filter(({ method }) => method === 'POST')).toHaveLength(1);
      sim.clock.advance(5000);
    }
  });

  it('outlasts the loss of the PD leader, and finds the new one', async () => {
    const { client, sim } = await start({ version, members: 3, stepMs: 1500 });
    await client.getStores();
    sim.faults.loseLeader({});
    await expect(client.getStores()).resolves.toHaveLength(5);
    expect(sim.model.leaderMember()).not.toBe('pd1');
    const { leader } = await client.getMembers();
    expect(leader?.name).toBe(sim.model.leaderMember());
  });

  it('says that a cluster without stores was never bootstrapped', async () => {
    const { client } = await start({ version, bootstrapped: false });
    await expect(client.getStores()).rejects.toMatchObject({
      code: 'PD_NOT_BOOTSTRAPPED',
      retryable: false,
    });
    await expect(client.getMembers()).resolves.toMatchObject({ members: [{ name: 'pd1' }] });
  });
});
