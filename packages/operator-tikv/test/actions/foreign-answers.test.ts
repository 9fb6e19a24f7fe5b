import { startTikvSim } from 'operator-tikv-sim';
import { describe, expect, test } from 'vitest';
import { PDClient } from '../../src/pd/index.ts';
import { byTitle, startCluster, VERSIONS } from './support.ts';
import { drainRequest, undrainRequest } from '../changes.ts';

const SCHEDULERS = { method: 'POST', path: '/pd/api/v1/schedulers', executed: true } as const;

const JSON_TYPE = { 'content-type': 'application/json' };
const TEXT_TYPE = { 'content-type': 'text/plain' };

/** Answers of proxies, gateways and meshes after PD has done what was asked. */
const FOREIGN = [
  { title: '500, a text', status: 500, headers: TEXT_TYPE, body: 'internal error' },
  { title: '500, a JSON string', status: 500, headers: JSON_TYPE, body: '"upstream error"' },
  { title: '500, an object', status: 500, headers: JSON_TYPE, body: '{"error":"upstream reset"}' },
  {
    title: '500, an object like one of PD',
    status: 500,
    headers: JSON_TYPE,
    body: '{"code":13,"msg":"transport is closing","data":null}',
  },
  { title: '500, a web page', status: 500, headers: {}, body: '<html>Error</html>' },
  { title: '500, nothing', status: 500, headers: {}, body: '' },
  { title: '501', status: 501, headers: TEXT_TYPE, body: 'not implemented' },
  { title: '502', status: 502, headers: TEXT_TYPE, body: 'bad gateway' },
  { title: '503', status: 503, headers: JSON_TYPE, body: '"upstream connect error"' },
  { title: '504', status: 504, headers: TEXT_TYPE, body: 'gateway timeout' },
  { title: '520', status: 520, headers: TEXT_TYPE, body: 'unknown error' },
  { title: '408', status: 408, headers: TEXT_TYPE, body: 'request timeout' },
  { title: '408, a JSON string', status: 408, headers: JSON_TYPE, body: '"timeout"' },
  { title: '499', status: 499, headers: {}, body: '' },
  { title: '200, an empty object', status: 200, headers: JSON_TYPE, body: '{}' },
  { title: '200, an error', status: 200, headers: JSON_TYPE, body: '{"error":"timed out"}' },
  { title: '200, words that PD never says', status: 200, headers: JSON_TYPE, body: '"Accepted."' },
  { title: '202', status: 202, headers: TEXT_TYPE, body: 'queued' },
  { title: '302', status: 302, headers: { location: '/login' }, body: '' },
  { title: '307', status: 307, headers: { location: 'http://127.0.0.1:1/pd' }, body: '' },
  { title: '400', status: 400, headers: TEXT_TYPE, body: 'Bad Request' },
  { title: '400, a JSON string', status: 400, headers: JSON_TYPE, body: '"invalid token"' },
  { title: '401', status: 401, headers: TEXT_TYPE, body: 'unauthorized' },
  { title: '403', status: 403, headers: JSON_TYPE, body: '{"code":"input","msg":"denied"}' },
  { title: '404', status: 404, headers: TEXT_TYPE, body: '404 page not found' },
  { title: '409', status: 409, headers: TEXT_TYPE, body: 'conflict' },
  { title: '429', status: 429, headers: TEXT_TYPE, body: 'slow down' },
] as const;

describe.each(VERSIONS)('the client of PD %s', (version) => {
  test('never concludes from a foreign answer that nothing was done', async ({
    onTestFinished,
  }) => {
    const sim = await startTikvSim({ version });
    const client = new PDClient({ endpoints: sim.endpoints });
    onTestFinished(async () => {
      await client.close();
      await sim.stop();
    });
    for (const { title, ...answer } of FOREIGN) {
      sim.faults.answerWith({ ...SCHEDULERS, ...answer, headers: { ...answer.headers } });
      const { outcome } = await client.send(drainRequest(4));
      expect(outcome, title).toBe('unknown');
      expect(sim.model.evictedStores(), title).toEqual([4]);
      await client.change(undrainRequest(4));
    }
  });
});

const BY_THE_GATE = FOREIGN.filter(({ title }) =>
  ['500, a JSON string', '408', '200, an error', '202', '401'].includes(title),
);

describe.concurrent.each(VERSIONS)('in place of the answer of PD %s', (version) => {
  test.for(byTitle(BY_THE_GATE))(
    '%s says nothing of what was done: reading finds it',
    async (row, context) => {
      const [, { title: _title, ...answer }] = row;
      const cluster = await startCluster(context, { version });
      const plan = await cluster.plan('drain_store', { store_id: '4' });
      cluster.sim.faults.answerWith({ ...SCHEDULERS, ...answer, headers: { ...answer.headers } });
      const { result } = await cluster.apply(plan);
      expect(cluster.sim.model.evictedStores()).toEqual([4]);
      expect(result).toMatchObject({ state: 'succeeded', answerLost: true });
      expect(cluster.changes()).toHaveLength(1);
    },
  );

  test.for([
    [500, 'oops'],
    [403, 'denied'],
  ] as const)(
    'a proxy that answered %d %s may still pass the request on: the run goes on looking',
    async ([status, body], context) => {
      const cluster = await startCluster(context, { version, stepMs: 500 });
      const plan = await cluster.plan('drain_store', { store_id: '4' });
      cluster.sim.faults.answerWith({ ...SCHEDULERS, executed: false, status, body });
      const ended = new AbortController();
      const looks: (string | undefined)[] = [];
      let state: string | undefined;
      for await (const event of cluster.subject.apply(plan, { signal: ended.signal })) {
        if (event.kind === 'sent') cluster.sim.clock.advance(60_000);
        if (event.kind === 'verifying') looks.push(event.verification?.state);
        if (looks.length === 5) ended.abort();
        if (event.kind === 'finished') ({ state } = event.result);
      }
      expect(looks).toEqual(Array(5).fill('pending'));
      expect(state).toBe('verifying');
      expect(cluster.sim.model.evictedStores()).toEqual([]);
      expect(cluster.changes()).toHaveLength(1);
    },
  );
});
