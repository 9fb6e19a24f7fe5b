import { isJsonObject } from 'operator-core';
import type { JsonObject } from 'operator-core';
import { describe, expect, test, vi } from 'vitest';
import { drainByHand } from './arrange.ts';
import { startCluster, VERSIONS } from './support.ts';
import type { Cluster } from './support.ts';

const CONFIG = '/pd/api/v1/config/schedule';
const REGIONS_HAVE_REPORTED_MS = 75_000;

/** PD's configuration names a scheduler that does not run, as PD leaves it behind (PD API, schedulers). */
async function leaveBehind(cluster: Cluster, type: string): Promise<void> {
  const answer = await fetch(`${cluster.sim.endpoints[0]}${CONFIG}`);
  const config: unknown = await answer.json();
  if (!isJsonObject(config) || !Array.isArray(config['schedulers-v2']))
    throw new Error('no config');
  const entry: JsonObject = { type, args: ['1'], disable: false, 'args-payload': '' };
  const body = JSON.stringify({ ...config, 'schedulers-v2': [...config['schedulers-v2'], entry] });
  cluster.sim.faults.answerWith({ method: 'GET', path: CONFIG, status: 200, body, times: -1 });
}

describe.concurrent.each(VERSIONS)('schedulers of PD %s', (version) => {
  test('that bear the name of a range block nothing, before and after PD starts again', async (context) => {
    const cluster = await startCluster(context, { version });
    const { status } = await cluster.post('/schedulers', {
      name: 'scatter-range',
      start_key: '',
      end_key: '',
      range_name: 'orders',
    });
    expect(status).toBe(200);
    const name = version === '6.5' ? 'scatter-range-orders' : 'scatter-range-scheduler-orders';
    expect(cluster.sim.model.schedulers()).toContain(name);
    const { result } = await cluster.run('drain_store', { store_id: '4' });
    expect(result).toMatchObject({ state: 'succeeded' });
    cluster.sim.faults.restartLeader({ downMs: 0, startingMs: 0 });
    cluster.sim.clock.advance(REGIONS_HAVE_REPORTED_MS);
    expect(cluster.sim.model.schedulers()).toContain(name);
    const ended = await cluster.run('undrain_store', { store_id: '4' });
    expect(ended.result).toMatchObject({ state: 'succeeded' });
  });

  test('that PD has left behind in its configuration do not block for ever', async (context) => {
    const cluster = await startCluster(context, { version });
    await leaveBehind(cluster, 'evict-leader');
    expect(await cluster.outcome('undrain_store', { store_id: '4' })).toMatchObject({
      kind: 'nothing_to_do',
    });
    expect(await cluster.outcome('drain_store', { store_id: '4' })).toMatchObject({ kind: 'plan' });
    const drains = (await cluster.subject.diagnose()).find(({ check }) => check === 'drains');
    expect(drains).toMatchObject({
      state: 'warning',
      message: expect.stringContaining('the next PD leader drains the store of its args again'),
    });
  }, 60_000);

  test('that a new PD leader has yet to start are waited for when others run already', async (context) => {
    const cluster = await startCluster(context, { version, stepMs: 1 });
    await drainByHand(cluster, 4);
    cluster.sim.faults.restartLeader({ downMs: 0, startingMs: 0 });
    for (let step = 0; !cluster.sim.model.prepared(); step += 1) {
      if (step > 100_000) throw new Error('it was never prepared');
      cluster.sim.clock.advance(1);
    }
    // For 100 ms only the first of PD's schedulers is listed.
    expect(cluster.sim.model.schedulers()).toEqual(['balance-hot-region-scheduler']);
    const planning = cluster.outcome('undrain_store', { store_id: '4' });
    await vi.waitUntil(() => cluster.sim.requests.length > 3, { timeout: 30_000 });
    cluster.sim.clock.advance(200);
    expect(await planning).toMatchObject({ kind: 'plan' });
  });

  test('of other types are no reason to wait', async (context) => {
    const cluster = await startCluster(context, { version });
    await leaveBehind(cluster, 'shuffle-region');
    cluster.sim.clearRequests();
    expect(await cluster.outcome('undrain_store', { store_id: '4' })).toMatchObject({
      kind: 'nothing_to_do',
    });
    expect(cluster.sim.requests.filter(({ path }) => path.endsWith('/schedulers'))).toHaveLength(1);
  });
});
