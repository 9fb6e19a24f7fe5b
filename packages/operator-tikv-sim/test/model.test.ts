import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { startTikvSim } from '../src/index.ts';
import { openCluster } from './cluster.ts';

it('is the same cluster for the same seed, and another for another', async () => {
  const tellAll = async (seed: number): Promise<string> => {
    await using cluster = await openCluster({ seed, startAt: 1_800_000_000_000 });
    const texts: string[] = [];
    await cluster.post('/schedulers', { name: 'evict-leader-scheduler', store_id: 1 });
    cluster.wait(400);
    for (const path of ['/stores', '/schedulers', '/operators', '/operators/records', '/cluster']) {
      texts.push((await cluster.get(path)).text);
    }
    return texts.join('\n');
  };
  expect(await tellAll(7)).toBe(await tellAll(7));
  expect(await tellAll(7)).not.toBe(await tellAll(8));
});

it('moves its clock with each request in instant time, so that polling makes progress', async () => {
  await using cluster = await openCluster({ stepMs: 100 });
  await cluster.post('/operators', { name: 'transfer-leader', region_id: 49, to_store_id: 2 });
  const told = [];
  for (let poll = 0; poll < 3; poll += 1)
    told.push((await cluster.get('/operators/49')).text.slice(1, 16));
  expect(told).toEqual(['status: RUNNING', 'status: SUCCESS', 'status: SUCCESS']);
});

it('follows the wall clock in real time, as fast as it is told', async () => {
  await using cluster = await openCluster({ time: 'real', speed: 100 });
  const before = cluster.sim.clock.now();
  await cluster.post('/operators', { name: 'transfer-leader', region_id: 49, to_store_id: 2 });
  await expect.poll(() => cluster.sim.model.region(49)?.leaderStoreId).toBe(2);
  cluster.sim.clock.advance(3_600_000);
  expect(cluster.sim.clock.now() - before).toBeGreaterThanOrEqual(3_600_000);
});

it('answers for a thousand stores and a hundred thousand regions without looking at the regions', async () => {
  await using cluster = await openCluster({ stores: 1_000, regions: 100_000 });
  expect((await cluster.get('/stores')).text).toMatch(/^\{\n {2}"count": 1000,/);
  expect((await cluster.get('/regions/count')).json).toMatchObject({ count: 100_000 });
  expect(cluster.sim.model.stores().reduce((sum, store) => sum + store.leaderCount, 0)).toBe(
    100_000,
  );
  const page = await cluster.get('/regions/key?limit=1024');
  expect(page.json).toMatchObject({ count: 1_024 });
  await cluster.post('/schedulers', { name: 'evict-leader-scheduler', store_id: 1 });
  cluster.wait(60_000);
  expect(cluster.sim.model.store(1)?.leaderCount).toBe(0);
});

it('pages through all regions by their keys, raw and (8.5) in hex', async () => {
  await using cluster = await openCluster({ regions: 40 });
  const seen: number[] = [];
  let key = '';
  do {
    const page = (await cluster.get(`/regions/key?limit=7&format=hex&key=${key}`))
      .json as RegionPage;
    seen.push(...page.regions.map((region) => region.id));
    key = page.regions.at(-1)?.end_key ?? '';
  } while (key !== '');
  expect(seen).toEqual(cluster.sim.model.regions().map((region) => region.id));
  const wanted = cluster.sim.model.regions()[20];
  const encoded = (wanted?.startKey ?? '').replaceAll(/../g, '%$&');
  expect((await cluster.get(`/region/key/${encoded}`)).json).toMatchObject({ id: wanted?.id });
});

interface RegionPage {
  readonly regions: readonly { readonly id: number; readonly end_key: string }[];
}

it('has no cluster before bootstrap', async () => {
  await using cluster = await openCluster({ bootstrapped: false });
  expect(await cluster.get('/stores')).toMatchObject({
    status: 500,
    json: '[PD:cluster:ErrNotBootstrapped]TiKV cluster not bootstrapped, please start TiKV first',
  });
  expect((await cluster.get('/config/schedule')).status).toBe(200);
});

it('keeps values that expire apart from those that stay', async () => {
  await using cluster = await openCluster();
  await cluster.post('/config?ttlSecond=5', { 'schedule.leader-schedule-limit': 9 });
  expect((await cluster.get('/config/schedule')).json).toMatchObject({
    'leader-schedule-limit': 9,
  });
  const clash = await cluster.post('/config/schedule', { 'leader-schedule-limit': 2 });
  expect(clash).toMatchObject({
    status: 400,
    json: 'need to clean up TTL first for schedule.leader-schedule-limit',
  });
  cluster.wait(5_000);
  expect((await cluster.get('/config/schedule')).json).toMatchObject({
    'leader-schedule-limit': 4,
  });
});

it('refuses options that make no cluster', async () => {
  await expect(startTikvSim({ stores: 2, replicas: 3 })).rejects.toThrow(
    'replicas must be an integer from 1 to 2, not 3',
  );
  await expect(startTikvSim({ regions: 0 })).rejects.toThrow('regions must be an integer');
  await expect(startTikvSim({ speed: 0 })).rejects.toThrow('speed must be above 0');
});

it('runs as a command, takes faults over its control API, and ends on SIGTERM', async () => {
  const command = fileURLToPath(new URL('../src/command.ts', import.meta.url));
  const child = spawn(
    process.execPath,
    [
      '--conditions=@operator/source',
      command,
      '--members',
      '2',
      '--stores',
      '4',
      '--version',
      '6.5',
    ],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  const started: { endpoints: string[]; controlUrl: string; version: string } = JSON.parse(
    line.toString(),
  );
  expect(started).toMatchObject({
    version: '6.5.12',
    endpoints: [expect.any(String), expect.any(String)],
  });
  const control = async (path: string, body?: unknown): Promise<unknown> => {
    const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
    return await (await fetch(`${started.controlUrl}${path}`, init)).json();
  };
  expect(
    await control('/fault', { name: 'answerWith', path: '/pd/api/v1/ping', status: 418 }),
  ).toEqual({ ok: true });
  expect((await fetch(`${started.endpoints[1] ?? ''}/pd/api/v1/ping`)).status).toBe(418);
  expect(await control('/requests')).toMatchObject([
    { path: '/pd/api/v1/ping', member: 'pd2', status: 418 },
  ]);
  expect(await control('/fault', { name: 'silenceStore', storeId: 4 })).toEqual({ ok: true });
  expect(await control('/clock', { advanceMs: 40_000 })).toMatchObject({ ok: true });
  expect(await control('/state')).toMatchObject({
    leader: 'pd1',
    stores: [{}, {}, {}, { id: 4, state: 'Disconnected' }],
  });
  expect(await control('/fault', { name: 'nope' })).toMatchObject({ ok: false });
  expect(await control('/fault', { name: 'silenceStore', storeId: '4' })).toEqual({
    ok: false,
    error: 'storeId must be a number',
  });
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  expect(await ended).toEqual([0, null]);
});

it('tells a mistaken command what is wrong and exits with 2', async () => {
  const command = fileURLToPath(new URL('../src/command.ts', import.meta.url));
  const child = spawn(
    process.execPath,
    ['--conditions=@operator/source', command, '--version', '9'],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const [text] = (await once(child.stderr, 'data')) as [Buffer];
  expect(text.toString()).toBe('operator-tikv-sim: --version must be 6.5 or 8.5, not 9\n');
  expect(await once(child, 'exit')).toEqual([2, null]);
});

it('gives every store a score that is a number, however much it holds', async () => {
  await using cluster = await openCluster({ regions: 20_000, stores: 3, regionSizeMiB: 1_000 });
  const { text } = await cluster.get('/stores');
  expect(text).not.toMatch(/NaN|Infinity|: -/);
  expect((await cluster.get('/stores')).json).toMatchObject({ count: 3 });
});
