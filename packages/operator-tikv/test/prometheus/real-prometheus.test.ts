import { setTimeout as sleep } from 'node:timers/promises';
import { isUnknown, OperatorError } from 'operator-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { PrometheusClient, readStoreSeries } from '../../src/prometheus/index.ts';
import type { AllStoreSeries } from '../../src/prometheus/index.ts';
import { startExporter } from './exporter.ts';
import type { TestServer } from './hostile-server.ts';
import { hasPrometheus, PASSWORD, startPrometheus, USERNAME } from './real-prometheus.ts';
import type { RealPrometheus } from './real-prometheus.ts';

let busy: TestServer;
let idle: TestServer;
let prometheus: RealPrometheus;
let client: PrometheusClient;

// A person's machine may have no Prometheus; where CI is set it must be there, and starting it fails.
const isSkipped = !hasPrometheus() && process.env['CI'] === undefined;
const title = isSkipped ? ' (skipped: apt-get install prometheus)' : '';

const closers: (() => Promise<void>)[] = [];

beforeAll(async () => {
  if (isSkipped) return;
  busy = await startExporter({ requests: 100, cpuSeconds: 2 });
  idle = await startExporter({ requests: 0, cpuSeconds: 0 });
  closers.push(busy.stop, idle.stop);
  prometheus = await startPrometheus([busy, idle].map(({ url }) => new URL(url).host));
  closers.push(prometheus.stop);
  const credentials = { username: USERNAME, password: PASSWORD };
  client = new PrometheusClient({ url: prometheus.url, credentials });
  closers.push(() => client.close());
});

afterAll(async () => {
  for (const close of closers.toReversed()) await close();
});

function store(server: TestServer): { engine: 'tikv'; statusAddress: string } {
  return { engine: 'tikv', statusAddress: new URL(server.url).host };
}

const PATIENCE = { timeout: 20_000, interval: 200 };

/** A rate needs two scrapes of both. */
async function readWhenScraped(): Promise<AllStoreSeries> {
  for (;;) {
    const series = await readStoreSeries(client);
    const rates = [busy, idle].map((server) => series.of(store(server)).requestsPerSecond);
    if (rates.every((rate) => !isUnknown(rate))) return series;
    await sleep(100);
  }
}

describe.skipIf(isSkipped)(`a real Prometheus${title}`, () => {
  it('tells the stores apart by their status addresses', async () => {
    // Every number is a query of its own, and a scrape may fall between two of them: then look again.
    await vi.waitFor(async () => {
      const { requestsPerSecond, latencyP99Ms, cpuCores } = (await readWhenScraped()).of(
        store(busy),
      );
      expect(requestsPerSecond).toBeGreaterThan(0);
      // All requests lie between 5 and 10 ms; the histogram is interpolated between these bounds.
      expect(latencyP99Ms).toBeCloseTo(9.95, 2);
      // Two threads together: the ratio of both rates is the ratio of what was counted.
      expect(Number(requestsPerSecond) / Number(cpuCores)).toBeCloseTo(50, 1);
    }, PATIENCE);
  });

  it('gives NaN for the latency of an idle store, which is unknown and not zero', async () => {
    const values = (await readWhenScraped()).of(store(idle));
    expect(values.requestsPerSecond).toBe(0);
    expect(values.cpuCores).toBe(0);
    expect(values.latencyP99Ms).toEqual({ unknown: expect.stringContaining('NaN') });
  });

  it('has nothing under another address of the same store', async () => {
    const series = await readWhenScraped();
    const grpcAddress = { engine: 'tikv', statusAddress: '127.0.0.1:20160' } as const;
    expect(series.has(grpcAddress)).toBe(false);
    expect(series.of(grpcAddress).cpuCores).toEqual({
      unknown: 'Prometheus has no series of the last 2m with instance="127.0.0.1:20160"',
    });
  });

  it('refuses an expression that it cannot parse in its own words', async () => {
    const error: unknown = await client.query('sum(').catch((reason: unknown) => reason);
    expect(OperatorError.isInstance(error) && error.code).toBe('PROMETHEUS_QUERY_FAILED');
    expect(String(error)).toContain('bad_data');
    expect(String(error)).toContain('parse error');
  });

  it('asks for credentials', async () => {
    const stranger = new PrometheusClient({ url: prometheus.url });
    const error: unknown = await stranger.query('up').catch((reason: unknown) => reason);
    await stranger.close();
    expect(OperatorError.isInstance(error) && error.code).toBe('PROMETHEUS_UNAUTHORIZED');
  });
});
