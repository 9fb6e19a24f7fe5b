import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { JsonObject, Plan } from 'operator-core';
import { OperatorError } from 'operator-core';
import { openEngine } from 'operator-engine';
import type { Engine } from 'operator-engine';
import { startTikvSim } from 'operator-tikv-sim';
import type { TikvSim, TikvSimOptions } from 'operator-tikv-sim';
import { describe, expect, onTestFinished, test } from 'vitest';
import { drain } from './drain.ts';

const PLUGIN = fileURLToPath(new URL('../../src/index.ts', import.meta.url));
const DRAIN = ['drain_store', { store_id: '2' }] as const;

async function startSim(options: TikvSimOptions = {}): Promise<TikvSim> {
  const sim = await startTikvSim({ regions: 20, ...options });
  onTestFinished(() => sim.stop());
  return sim;
}

/** Two clusters with ids of their own. */
async function startTwo(): Promise<{ a: TikvSim; b: TikvSim }> {
  const [a, b] = await Promise.all([startSim({ seed: 1 }), startSim({ seed: 7 })]);
  expect(a.clusterId).not.toBe(b.clusterId);
  return { a, b };
}

/** A tunnel to a member: what goes through it is passed on, and `told` may be rewritten on its way back. */
async function openTunnel(
  target: () => string,
  rewrite: (told: string) => string = (told) => told,
) {
  const server = createServer((request, response) => {
    const pass = async (): Promise<void> => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const { method = '', url = '', headers } = request;
      const body = method === 'GET' ? {} : { body: Buffer.concat(chunks) };
      const { 'pd-allow-follower-handle': local } = headers;
      const given = typeof local === 'string' ? { 'pd-allow-follower-handle': local } : {};
      const answer = await fetch(`${target()}${url}`, { method, headers: given, ...body });
      response.writeHead(answer.status).end(rewrite(await answer.text()));
    };
    pass().catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A folder with a ledger, in which engines with any configuration work one after the other. */
function openFolder() {
  const directory = mkdtempSync(join(tmpdir(), 'operator-clusters-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return {
    directory,
    open: async (config: JsonObject): Promise<Engine> => {
      const subjects = { test: { plugin: PLUGIN, config } };
      writeFileSync(join(directory, 'operator.config.json'), JSON.stringify({ subjects }));
      const engine = await openEngine({
        cwd: directory,
        env: {},
        hostUrl: import.meta.url,
        actor: { kind: 'person', name: 'cleo' },
        limits: { firstLookMs: 1, pollMs: 20, pollMaxMs: 100 },
      });
      onTestFinished(async () => {
        await engine.close();
      });
      return engine;
    },
  };
}

async function plan(engine: Engine, [action, parameters] = DRAIN): Promise<Plan> {
  const subject = await engine.openSubject();
  const outcome = await subject.plan(action, parameters);
  if (outcome.kind === 'plan') return outcome.plan;
  throw new Error(`no plan, but ${JSON.stringify(outcome)}`);
}

async function errorOf(work: Promise<unknown>): Promise<OperatorError> {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (OperatorError.isInstance(error)) return error;
  throw new Error('it did not fail with an error of Operator', { cause: error });
}

function changesOf({ requests }: TikvSim): readonly string[] {
  return requests
    .filter(({ method }) => method !== 'GET')
    .map(({ method, path }) => `${method} ${path}`);
}

const pathsOf = ({ requests }: TikvSim): ReadonlySet<string> =>
  new Set(requests.map(({ path }) => path));

describe('a tunnel to B, whose members name an address of A', () => {
  test('a drain of B reaches B, and A is asked nothing but who it is', async () => {
    const { a, b } = await startTwo();
    const [atA = ''] = a.endpoints;
    const [atB = ''] = b.endpoints;
    const tunnel = await openTunnel(
      () => atB,
      (told) => told.replaceAll(atB, atA),
    );
    const engine = await openFolder().open({ pdEndpoints: [tunnel], clusterId: b.clusterId });
    const made = await plan(engine);
    expect(made.subject.system.id).toBe(b.clusterId);
    expect(made.requests.map(({ target }) => target)).toEqual([[tunnel]]);
    const subject = await engine.openSubject();
    const { result } = await drain(subject.apply(made));
    expect(result).toMatchObject({ state: 'succeeded', error: null });
    expect(changesOf(b)).toEqual(['POST /pd/api/v1/schedulers']);
    expect(changesOf(a)).toEqual([]);
    expect(pathsOf(a)).toEqual(new Set(['/pd/api/v1/cluster']));
  });

  test('that turns to A between the last check and the request sends nothing', async () => {
    const { a, b } = await startTwo();
    let current = b;
    const tunnel = await openTunnel(
      () => current.endpoints[0] ?? '',
      (told) => told.replaceAll(current.endpoints[0] ?? '', tunnel),
    );
    const engine = await openFolder().open({ pdEndpoints: [tunnel] });
    const subject = await engine.openSubject();
    const steps = subject.apply(await plan(engine));
    for (;;) {
      const next = await steps.next();
      if (next.done === true || next.value.kind === 'intended') break;
    }
    current = a;
    const { result } = await drain(steps);
    expect(result).toMatchObject({
      state: 'failed',
      requests: [{ result: { outcome: 'not_sent' } }],
    });
    expect(result.error?.message).toContain(a.clusterId);
    expect([changesOf(a), changesOf(b)]).toEqual([[], []]);
  });
});

describe('endpoints of two clusters', () => {
  test('without clusterId plan and apply fail, naming both', async () => {
    const { a, b } = await startTwo();
    const folder = openFolder();
    const alone = await folder.open({ pdEndpoints: [...a.endpoints] });
    const made = await plan(alone);
    for (const pdEndpoints of [
      [...a.endpoints, ...b.endpoints],
      [...b.endpoints, ...a.endpoints],
    ]) {
      const engine = await folder.open({ pdEndpoints });
      const subject = await engine.openSubject();
      for (const work of [
        () => plan(engine),
        () => drain(subject.apply(made)),
        () => subject.observe('stores', {}),
      ]) {
        const error = await errorOf(work());
        expect([error.code, error.kind]).toEqual(['PD_CLUSTER_MISMATCH', 'config']);
        for (const { clusterId } of [a, b]) expect(error.message).toContain(clusterId);
      }
    }
    expect([changesOf(a), changesOf(b)]).toEqual([[], []]);
  });

  test('the ledger remembers which one is meant when it is down', async () => {
    const { a, b } = await startTwo();
    const folder = openFolder();
    const pdEndpoints = [...a.endpoints, ...b.endpoints];
    const before = await folder.open({ pdEndpoints: [...a.endpoints] });
    await before.openLedger();
    await plan(before);
    await before.close();
    expect(readdirSync(join(folder.directory, '.operator'))).toContainEqual(
      expect.stringContaining('memory'),
    );
    await a.stop();
    const error = await errorOf(plan(await folder.open({ pdEndpoints })));
    expect(error.code).toBe('PD_CLUSTER_MISMATCH');
    expect(error.facts).toMatchObject({ found: b.clusterId, expected: a.clusterId });
    const meant = await folder.open({ pdEndpoints, clusterId: b.clusterId });
    expect((await plan(meant)).subject.system.id).toBe(b.clusterId);
  });

  test('a plan tells that nothing says which one is meant, where nothing is remembered', async () => {
    const { a, b } = await startTwo();
    await a.stop();
    const engine = await openFolder().open({ pdEndpoints: [...a.endpoints, ...b.endpoints] });
    const { warnings } = await plan(engine);
    expect(warnings.join(' ')).toContain(`${a.endpoints[0]} did not report its cluster`);
    expect(warnings.join(' ')).toContain(b.clusterId);
  });
});

describe('one configured endpoint', () => {
  test('that dies is stood in for by the members that the ledger remembers', async () => {
    const sim = await startSim({ members: 3 });
    const folder = openFolder();
    const [first = ''] = sim.endpoints;
    const before = await folder.open({ pdEndpoints: [first] });
    await before.openLedger();
    expect((await plan(before)).requests[0].target).toEqual(sim.endpoints.toSorted());
    await before.close();
    sim.faults.killMember({ member: 'pd1' });
    sim.clock.advance(30_000);
    const engine = await folder.open({ pdEndpoints: [first] });
    const subject = await engine.openSubject();
    await expect(subject.identify()).resolves.toMatchObject({ id: sim.clusterId });
    const members = await subject.observe('members', {});
    expect(JSON.stringify(members)).toContain('pd2');
    const without = await openFolder().open({ pdEndpoints: [first] });
    const error = await errorOf((await without.openSubject()).identify());
    expect(error.code).toBe('PD_UNREACHABLE');
  });
});
