import { isUnknown } from 'operator-core';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { PrometheusClient, readStoreSeries } from '../../src/prometheus/index.ts';
import type { PrometheusClientOptions } from '../../src/prometheus/index.ts';
import { startExporter } from './exporter.ts';
import { startServer } from './hostile-server.ts';
import { hasPrometheus, PASSWORD, startPrometheus, USERNAME } from './real-prometheus.ts';

const store = { engine: 'tikv', statusAddress: '10.0.0.1:20180' } as const;

const closers: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

/** A server that answers every query with the same samples, and a client of it. */
async function open(
  samples: readonly (readonly [labels: object, value: string])[],
  options: Partial<PrometheusClientOptions> & { readonly more?: object } = {},
): Promise<{ readonly client: PrometheusClient; readonly queries: () => readonly string[] }> {
  const { more, ...rest } = options;
  const result = samples.map(([labels, value]) => ({
    metric: { instance: store.statusAddress, ...labels },
    value: [1, value],
  }));
  const data = { resultType: 'vector', result };
  const server = await startServer((_request, response) => {
    response.writeHead(200).end(JSON.stringify({ status: 'success', data, ...more }));
  });
  closers.push(server.stop);
  const client = new PrometheusClient({ url: server.url, ...rest });
  closers.push(() => client.close());
  const toQuery = (url = ''): string => new URL(url, server.url).searchParams.get('query') ?? '';
  return { client, queries: () => server.requests.map(({ url }) => toQuery(url)) };
}

describe('several series of one store', () => {
  it('that differ in a label of the replica are unknown until it is named, and then one', async () => {
    const samples = [
      [{ replica: 'a' }, '5'],
      [{ replica: 'b' }, '4.5'],
    ] as const;
    const { client } = await open(samples);
    const series = await readStoreSeries(client);
    const reason =
      'Prometheus has several series of one store, which differ in a label: replica is "a" or "b"';
    expect(series.of(store).requestsPerSecond).toEqual({ unknown: reason });
    expect(series.problems).toEqual([reason]);
    const named = await open(samples, { replicaLabels: ['replica'] });
    const both = await readStoreSeries(named.client);
    expect(both.of(store)).toEqual({ requestsPerSecond: 5, latencyP99Ms: 5, cpuCores: 5 });
    expect(both.problems).toEqual([]);
  });

  it('of two clusters with equal addresses stay unknown, also where the replica is named', async () => {
    const samples = [
      [{ cluster: 'prod', replica: 'a' }, '5'],
      [{ cluster: 'prod', replica: 'b' }, '5'],
      [{ cluster: 'test' }, '7'],
    ] as const;
    const { client } = await open(samples, { replicaLabels: ['replica'] });
    expect((await readStoreSeries(client)).of(store).cpuCores).toEqual({
      unknown: expect.stringContaining('cluster is "prod" or "test"'),
    });
  });

  it('are asked for by the labels of this cluster', async () => {
    const { client, queries } = await open([[{ cluster: 'prod "1"' }, '5']], {
      labels: { cluster: 'prod "1"' },
    });
    expect((await readStoreSeries(client)).of(store).cpuCores).toBe(5);
    expect(queries()).toHaveLength(3);
    for (const query of queries()) expect(query).toContain(String.raw`cluster="prod \"1\""`);
  });

  it('of which one has missed its scrapes count by the other', async () => {
    const samples = [
      [{ replica: 'a' }, 'NaN'],
      [{ replica: 'b' }, '4'],
    ] as const;
    const { client } = await open(samples, { replicaLabels: ['replica'] });
    expect((await readStoreSeries(client)).of(store).latencyP99Ms).toBe(4);
  });
});

describe('an answer with remarks', () => {
  it('is unknown when VictoriaMetrics calls it partial', async () => {
    const { client } = await open([[{}, '5']], { more: { isPartial: true } });
    const series = await readStoreSeries(client);
    const reason = 'Prometheus answered in part: some of its storage nodes did not answer';
    expect(series.of(store).cpuCores).toEqual({ unknown: reason });
    expect(series.problems).toEqual([reason]);
  });

  it('is used when it is noted only that something was odd, which is told', async () => {
    const { client } = await open([[{}, '5']], { more: { infos: ['bucket fixed'] } });
    const series = await readStoreSeries(client);
    expect(series.of(store).cpuCores).toBe(5);
    expect(series.problems).toEqual(['Prometheus notes: bucket fixed']);
  });

  it('is unknown where a rate is negative', async () => {
    const { client } = await open([[{}, '-1']]);
    expect(isUnknown((await readStoreSeries(client)).of(store).cpuCores)).toBe(true);
  });
});

// A person's machine may have no Prometheus; where CI is set it must be there, and starting it fails.
const isSkipped = !hasPrometheus() && process.env['CI'] === undefined;

describe.skipIf(isSkipped)('a real Prometheus that holds two clusters with equal addresses', () => {
  it('gives the numbers of each, and never their sum', async () => {
    const exporter = await startExporter({ requests: 100, cpuSeconds: 2 });
    closers.push(exporter.stop);
    const instance = new URL(exporter.url).host;
    const clusters = [{ cluster: 'a' }, { cluster: 'b' }];
    const prometheus = await startPrometheus([instance], clusters);
    closers.push(prometheus.stop);
    const options = {
      url: prometheus.url,
      credentials: { username: USERNAME, password: PASSWORD },
    };
    const both = new PrometheusClient(options);
    const one = new PrometheusClient({ ...options, labels: { cluster: 'a' } });
    closers.push(
      () => both.close(),
      () => one.close(),
    );
    const here = { engine: 'tikv', statusAddress: instance } as const;
    await vi.waitFor(
      async () => {
        const { cpuCores, requestsPerSecond } = (await readStoreSeries(one)).of(here);
        expect(Number(requestsPerSecond) / Number(cpuCores)).toBeCloseTo(50, 1);
        expect((await readStoreSeries(both)).of(here).cpuCores).toEqual({
          unknown: expect.stringContaining('cluster is "a" or "b"'),
        });
      },
      { timeout: 20_000, interval: 200 },
    );
  });
});
