import { describe, expect, test } from 'vitest';
import { drainByHand } from './arrange.ts';
import { startCluster, VERSIONS } from './support.ts';

/**
 * A PD that is done by the first look, and the pace at which the gate looks by default after it. A plan stays fresh on a busy
 * machine too.
 */
const QUICK = {
  time: 'real',
  speed: 2,
  limits: { firstLookMs: 500, pollMs: 100, pollMaxMs: 1000, freshReadingMs: 60_000 },
} as const;

/** Each action with a change that succeeds while store 5 is drained. */
const ACTIONS = [
  ['transfer_leader', { region_id: 9, to_store_id: '3' }],
  ['transfer_peer', { region_id: 9, from_store_id: '3', to_store_id: '4' }],
  ['drain_store', { store_id: '4' }],
  ['undrain_store', { store_id: '5' }],
  ['set_leader_schedule_limit', { limit: 8 }],
] as const;

/** True for a read that is not about who the cluster is. */
function isOfPlan(path: string): boolean {
  return !/\/(cluster|members)$/u.test(path);
}

// Not concurrent: other tests must not change how often the gate looks.
describe.each(VERSIONS)('the cost of a run on PD %s', (version) => {
  // Cluster and members; six readings of the plan, and the same again at the re-check; cluster and change; the region, and
  // after the hold the region and its operator.
  test('a leader transfer is planned, checked again, sent, verified and settled in 19 requests', async (context) => {
    const cluster = await startCluster(context, { version, ...QUICK });
    const { result } = await cluster.run('transfer_leader', { region_id: 9, to_store_id: '3' });
    expect(result.state).toBe('succeeded');
    expect(cluster.sim.requests.length).toBeLessThanOrEqual(19);
    const paths = cluster.sim.requests.map(({ method, path }) => `${method} ${path}`);
    expect(paths.filter((path) => path === 'GET /pd/api/v1/members')).toHaveLength(1);
  });

  // Members, which name the cluster; six readings of the plan; cluster and change; the region, and after the hold the region
  // and its operator. Without a configured cluster it is asked for its own first.
  test.for([
    [12, 'of the configured cluster', true],
    [13, 'of a cluster that the configuration does not name', false],
  ] as const)(
    'a confirmed leader transfer takes %i requests %s',
    async ([most, _, isNamed], context) => {
      const cluster = await startCluster(context, { version, isNamed, ...QUICK });
      const { result } = await cluster.runAtOnce('transfer_leader', {
        region_id: 9,
        to_store_id: '3',
      });
      expect(result.state).toBe('succeeded');
      expect(cluster.sim.requests.length).toBeLessThanOrEqual(most);
    },
  );

  test.for(ACTIONS)(
    'a confirmed %s reads no more before its change than its plan',
    async ([action, parameters], context) => {
      const cluster = await startCluster(context, { version, ...QUICK });
      await cluster.delete('/schedulers/balance-leader-scheduler');
      await drainByHand(cluster, 5);
      cluster.sim.clearRequests();
      await cluster.plan(action, parameters);
      const planned = cluster.sim.requests
        .map(({ path }) => path)
        .filter(isOfPlan)
        .toSorted();
      cluster.sim.clearRequests();
      const { result } = await cluster.runAtOnce(action, parameters);
      expect(result.state).toBe('succeeded');
      const end = cluster.sim.requests.findIndex(({ method }) => method !== 'GET');
      const before = cluster.sim.requests.slice(0, end).map(({ path }) => path);
      expect(before.filter(isOfPlan).toSorted()).toEqual(planned);
    },
  );

  test('the re-check reads again everything that the plan was made from', async (context) => {
    const cluster = await startCluster(context, { version, ...QUICK });
    const take = (): readonly string[] => {
      const paths = cluster.sim.requests.map(({ path }) => path).toSorted();
      cluster.sim.clearRequests();
      return paths.filter(isOfPlan);
    };
    const plan = await cluster.plan('transfer_leader', { region_id: 9, to_store_id: '3' });
    const planned = take();
    let rechecked: readonly string[] = [];
    await cluster.apply(plan, ({ kind }) => {
      if (kind === 'rechecked') rechecked = take();
    });
    expect(rechecked).toEqual(planned);
  });

  test.for(ACTIONS)(
    'no step of %s asks PD for the same thing twice',
    async ([action, parameters], context) => {
      const cluster = await startCluster(context, { version, ...QUICK });
      // A leader that PD balances meanwhile makes the plan stale.
      await cluster.delete('/schedulers/balance-leader-scheduler');
      await drainByHand(cluster, 5);
      const steps: string[][] = [];
      const endStep = (): void => {
        steps.push(cluster.sim.requests.map(({ method, path }) => `${method} ${path}`));
        cluster.sim.clearRequests();
      };
      cluster.sim.clearRequests();
      const plan = await cluster.plan(action, parameters);
      endStep();
      const { result } = await cluster.apply(plan, endStep);
      expect(result.state).toBe('succeeded');
      expect(steps).toEqual(steps.map((paths) => [...new Set(paths)]));
    },
  );

  test('a plan asks as little of a cluster with many regions', async (context) => {
    const small = await startCluster(context, { version, regions: 10 });
    const large = await startCluster(context, { version, regions: 5000 });
    for (const cluster of [small, large]) {
      await cluster.plan('transfer_leader', { region_id: 9, to_store_id: '3' });
      await cluster.plan('transfer_peer', { region_id: 9, from_store_id: '3', to_store_id: '4' });
    }
    const paths = [small, large].map(({ sim }) => sim.requests.map(({ path }) => path).toSorted());
    expect(paths[0]).toEqual(paths[1]);
  });

  // A drain looks at each region that the store leads: whether its leader can go anywhere.
  test('a drain is planned with one answer more, or with a page for each 1,024 regions', async (context) => {
    const [small, large] = await Promise.all(
      [10, 5000].map(async (regions) => {
        const cluster = await startCluster(context, { version, regions });
        await cluster.plan('drain_store', { store_id: '1' });
        return cluster.sim.requests.map(({ path }) => path);
      }),
    );
    const details = (paths: readonly string[] = []): readonly string[] =>
      paths.filter((path) => /^\/pd\/api\/v1\/regions\/(store|key)\b/u.test(path));
    expect(details(small)).toEqual(['/pd/api/v1/regions/store/1?type=leader']);
    // PD 6.5 cannot list the leaders of a store alone; 3,000 regions are too many for one answer.
    const most = version === '8.5' ? 1 : Math.ceil(5000 / 1024);
    expect(details(large).length).toBeLessThanOrEqual(most);
    const others = (paths: readonly string[] = []): number => paths.length - details(paths).length;
    expect(others(large) - others(small)).toBeLessThanOrEqual(1);
  });
});
