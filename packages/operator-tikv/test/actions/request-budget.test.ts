import { describe, expect, test } from 'vitest';
import { startCluster, VERSIONS } from './support.ts';

/** A quick PD, and the pace at which the gate looks by default. */
const QUICK = { time: 'real', speed: 2, limits: { pollMs: 100, pollMaxMs: 1000 } } as const;

// Not concurrent: how often the gate looks depends on nobody else's work.
describe.each(VERSIONS)('the cost of a run on PD %s', (version) => {
  // Two of them are the placement rules of the region, read at both plans, and two tell the cause of the move.
  test('a leader transfer is planned, checked again, sent, verified and settled in 18 requests', async (context) => {
    const cluster = await startCluster(context, { version, ...QUICK });
    const { result } = await cluster.run('transfer_leader', { region_id: 9, to_store_id: '3' });
    expect(result.state).toBe('succeeded');
    expect(cluster.sim.requests.length).toBeLessThanOrEqual(18);
    const paths = cluster.sim.requests.map(({ method, path }) => `${method} ${path}`);
    expect(paths.filter((path) => path === 'GET /pd/api/v1/members')).toHaveLength(1);
  });

  test('a plan asks as little of a cluster with many regions', async (context) => {
    const small = await startCluster(context, { version, regions: 10 });
    const large = await startCluster(context, { version, regions: 5000 });
    for (const cluster of [small, large]) {
      await cluster.plan('drain_store', { store_id: '1' });
      await cluster.plan('transfer_leader', { region_id: 9, to_store_id: '3' });
      await cluster.plan('transfer_peer', { region_id: 9, from_store_id: '3', to_store_id: '4' });
    }
    const paths = [small, large].map(({ sim }) => sim.requests.map(({ path }) => path).toSorted());
    expect(paths[0]).toEqual(paths[1]);
  });
});
