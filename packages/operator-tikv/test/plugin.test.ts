import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkPlugin, validateParameters } from 'operator-core';
import { describe, expect, it } from 'vitest';
import plugin, { configSchema } from '../src/index.ts';
import type { TiKVSubject } from '../src/index.ts';
import { closeLater, openCluster } from './observations/open-cluster.ts';
import { createAuthority } from './pd/support/certificates.ts';
import { createHost } from './plugin-host.ts';
import type { TestHost } from './plugin-host.ts';
import { startServer } from './prometheus/hostile-server.ts';

const PD = ['http://127.0.0.1:2379'];
const authority = createAuthority('authority');
const operator = authority.issue('operator');

async function issuesOf(config: unknown): Promise<readonly string[]> {
  const result = await validateParameters(configSchema, config);
  return result.ok ? [] : result.issues.map(({ path, message }) => `${path}: ${message}`);
}

async function createFolder(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'operator-tikv-'));
  closeLater(() => rm(folder, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  return folder;
}

async function connect(
  config: unknown,
  host: TestHost = createHost('.'),
): Promise<{ host: TestHost; subject: TiKVSubject }> {
  const validated = await validateParameters(plugin.config, config);
  if (!validated.ok) throw new Error(JSON.stringify(validated.issues));
  const subject = await plugin.connect(validated.value, host);
  closeLater(() => subject.close());
  return { host, subject };
}

describe('the plugin', () => {
  it('is one that hosts accept', () => {
    expect(checkPlugin(plugin)).toEqual([]);
    expect(plugin.name).toBe('tikv');
  });
});

describe('the configuration', () => {
  it.each([
    { pdEndpoints: PD },
    { pdEndpoints: ['https://pd-0:2379', 'https://[::1]:2379/'], clusterId: '7462183643873562342' },
    { pdEndpoints: PD, tls: { ca: 'ca.pem', cert: 'c.pem', key: 'k.pem', serverName: 'pd' } },
    { pdEndpoints: PD, discover: false },
    { pdEndpoints: PD, addressMap: { 'http://10.0.0.1:2379': 'http://127.0.0.1:12379' } },
    { pdEndpoints: PD, prometheus: { url: 'http://prometheus:9090/prefix/' } },
    { pdEndpoints: PD, prometheus: { url: 'http://p', bearerToken: 'x' } },
    { pdEndpoints: PD, prometheus: { url: 'http://p', bearerTokenFile: 'token' } },
    { pdEndpoints: PD, prometheus: { url: 'http://p', username: 'u', password: '' } },
    { pdEndpoints: PD, timeoutMs: 500 },
  ])('takes %j', async (config) => {
    expect(await issuesOf(config)).toEqual([]);
  });

  it.each([
    [null, ''],
    [[], ''],
    [{}, 'pdEndpoints'],
    [{ pdEndpoints: [] }, 'pdEndpoints'],
    [{ pdEndpoints: 'http://127.0.0.1:2379' }, 'pdEndpoints'],
    [{ pdEndpoints: ['127.0.0.1:2379'] }, 'pdEndpoints.0'],
    [{ pdEndpoints: ['ftp://pd:2379'] }, 'pdEndpoints.0'],
    [{ pdEndpoints: ['http://pd:2379/pd/api'] }, 'pdEndpoints.0'],
    [{ pdEndpoints: ['http://pd:2379?x'] }, 'pdEndpoints.0'],
    [{ pdEndpoints: ['http://'] }, 'pdEndpoints.0'],
    [{ pdEndpoints: PD, endpoints: PD }, ''],
    [{ pdEndpoints: PD, clusterId: 7462183643873562000 }, 'clusterId'],
    [{ pdEndpoints: PD, clusterId: 'prod' }, 'clusterId'],
    [{ pdEndpoints: PD, tls: { cert: 'c.pem' } }, 'tls'],
    [{ pdEndpoints: PD, prometheus: {} }, 'prometheus.url'],
    [{ pdEndpoints: PD, prometheus: { url: 'prometheus:9090' } }, 'prometheus.url'],
    [{ pdEndpoints: PD, prometheus: { url: 'http://p', username: 'u' } }, 'prometheus'],
    [
      { pdEndpoints: PD, prometheus: { url: 'http://p', bearerToken: 'x', bearerTokenFile: 'y' } },
      'prometheus',
    ],
    [{ pdEndpoints: PD, timeoutMs: 0 }, 'timeoutMs'],
    [{ pdEndpoints: PD, timeoutMs: '10s' }, 'timeoutMs'],
  ])('refuses %j at %j', async (config, path) => {
    const issues = await issuesOf(config);
    expect(issues).toHaveLength(1);
    expect(issues[0]?.split(':')[0]).toBe(path);
  });

  it('never repeats a password that was written into a URL', async () => {
    const issues = await issuesOf({
      pdEndpoints: ['http://root:hunter2@pd:2379'],
      prometheus: { url: 'http://root:hunter2@prometheus' },
    });
    expect(issues).toHaveLength(2);
    expect(issues.join()).not.toContain('hunter2');
  });

  it('tells what to do about a cluster id that YAML took for a number', async () => {
    const [issue] = await issuesOf({ pdEndpoints: PD, clusterId: 7 });
    expect(issue).toContain('quotes');
  });

  it('marks what is secret', () => {
    const schema = JSON.stringify(
      configSchema['~standard'].jsonSchema.input({ target: 'draft-2020-12' }),
    );
    const { properties } = JSON.parse(schema).properties.prometheus;
    const secret = Object.entries<{ secret?: boolean }>(properties).filter(([, one]) => one.secret);
    expect(secret.map(([name]) => name)).toEqual(['bearerToken', 'password']);
  });
});

describe('connecting', () => {
  it('sends no request before a method is called', async () => {
    const { sim } = await openCluster();
    const { subject } = await connect({ pdEndpoints: sim.endpoints });
    expect(sim.requests).toHaveLength(0);
    expect((await subject.identify()).id).toBe(sim.clusterId);
  });

  it('refuses another cluster than the configured one', async () => {
    const { sim } = await openCluster();
    const { subject } = await connect({ pdEndpoints: sim.endpoints, clusterId: '42' });
    await expect(subject.getStores()).rejects.toMatchObject({ code: 'PD_CLUSTER_MISMATCH' });
    const right = await connect({ pdEndpoints: sim.endpoints, clusterId: sim.clusterId });
    expect(await right.subject.getStores()).toHaveLength(5);
  });

  it('opens all HTTP through the host, with the certificates from the files', async () => {
    const folder = await createFolder({
      'ca.pem': authority.cert,
      'c.pem': operator.cert,
      'k.pem': operator.key,
    });
    const tls = { ca: 'ca.pem', cert: 'c.pem', key: 'k.pem', serverName: 'pd' };
    const prometheus = { url: 'https://prometheus', tls: { ca: 'ca.pem' } };
    const host = createHost(folder);
    await connect({ pdEndpoints: ['https://127.0.0.1:1'], tls, prometheus }, host);
    expect(host.opened).toEqual([
      { tls: { ca: authority.cert, ...operator, serverName: 'pd' } },
      { origins: ['https://prometheus'], tls: { ca: authority.cert } },
    ]);
  });

  it.each([
    ['authorities without a certificate', { ca: 'k.pem' }, 'tls.ca'],
    ['authorities that are cut off', { ca: 'half.pem' }, 'tls.ca'],
    ['a certificate that is none', { cert: 'k.pem', key: 'k.pem' }, 'tls.cert'],
    ['a key that is none', { cert: 'c.pem', key: 'c.pem' }, 'tls.key'],
    ["somebody else's key", { cert: 'c.pem', key: 'other.pem' }, 'tls.key'],
  ])('refuses %s before anything is asked', async (_, tls, at) => {
    const folder = await createFolder({
      'c.pem': operator.cert,
      'k.pem': operator.key,
      'half.pem': authority.cert.slice(0, 200),
      'other.pem': authority.issue('somebody').key,
    });
    const host = createHost(folder);
    const error: unknown = await connect({ pdEndpoints: PD, tls }, host).catch((caught) => caught);
    expect(error).toMatchObject({ code: 'TIKV_TLS_INVALID', kind: 'config', facts: { at } });
    expect(JSON.stringify(error)).not.toContain('-----');
    expect(host.opened).toEqual([]);
  });

  it('fails on a file that is not there', async () => {
    const host = createHost(await createFolder({}));
    const config = { pdEndpoints: PD, tls: { ca: 'nowhere.pem' } };
    await expect(connect(config, host)).rejects.toThrow('nowhere.pem');
  });

  it('reads the token for Prometheus again for every query', async () => {
    const { sim } = await openCluster();
    const server = await startServer((_request, response) => {
      response.writeHead(200);
      response.end('{"status":"success","data":{"resultType":"vector","result":[]}}');
    });
    closeLater(() => server.stop());
    const folder = await createFolder({ token: 'first\n' });
    const prometheus = { url: server.url, bearerTokenFile: 'token' };
    const { subject } = await connect(
      { pdEndpoints: sim.endpoints, prometheus },
      createHost(folder),
    );
    await subject.getStoreMetrics();
    await writeFile(join(folder, 'token'), 'second\n');
    await subject.getStoreMetrics();
    const tokens = server.requests.map((request) => request.headers.authorization);
    expect(tokens).toEqual([
      ...Array.from({ length: 3 }, () => 'Bearer first'),
      ...Array.from({ length: 3 }, () => 'Bearer second'),
    ]);
    await rm(join(folder, 'token'));
    const [store] = await subject.getStoreMetrics();
    expect(store?.cpuCores).toEqual({ unknown: expect.stringContaining('token') });
  });
});
