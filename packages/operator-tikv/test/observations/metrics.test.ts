import { isUnknown } from 'operator-core';
import { describe, expect, it } from 'vitest';
import { PrometheusClient } from '../../src/index.ts';
import { startServer } from '../prometheus/hostile-server.ts';
import { closeLater, openCluster } from './open-cluster.ts';

/** Answers every query with one value per instance. */
async function startPrometheus(
  values: Readonly<Record<string, string>>,
): Promise<PrometheusClient> {
  const result = Object.entries(values).map(([instance, value]) => ({
    metric: { instance },
    value: [1_795_290_000.123, value],
  }));
  const body = JSON.stringify({ status: 'success', data: { resultType: 'vector', result } });
  const server = await startServer((_request, response) => {
    response.writeHead(200).end(body);
  });
  closeLater(() => server.stop());
  return new PrometheusClient({ url: server.url });
}

/** What one reading asked of PD: how many requests, and how many bytes they were answered with. */
async function costOf(
  regions: number,
): Promise<{ requests: number; bytes: number; count: unknown }> {
  const { sim, subject } = await openCluster({ regions, regionSizeMiB: 1, schedulersPaused: true });
  await subject.identify();
  sim.clearRequests();
  const { regionCount } = await subject.getClusterMetrics();
  const paths = sim.requests.map(({ path }) => path);
  const bodies = await Promise.all(
    paths.map(async (path) => (await fetch(`${sim.endpoints[0]}${path}`)).text()),
  );
  const bytes = bodies.reduce((total, body) => total + body.length, 0);
  return { requests: paths.length, bytes, count: regionCount };
}

describe('the metrics of stores', () => {
  it('come from Prometheus by status address, never by gRPC address', async () => {
    const prometheus = await startPrometheus({
      '127.0.0.1:20181': '11',
      '127.0.0.1:20182': 'NaN',
      '127.0.0.1:20161': '99',
      '127.0.0.1:20163': '99',
      'elsewhere:20181': '99',
    });
    const { subject } = await openCluster({ tiflashStores: 1 }, prometheus);
    const metrics = await subject.getStoreMetrics();
    expect(metrics.map(({ cpuCores }) => cpuCores)).toEqual([
      11,
      { unknown: expect.stringContaining('NaN') },
      { unknown: expect.stringContaining('no series') },
      { unknown: expect.stringContaining('no series') },
      { unknown: expect.stringContaining('no series') },
      { unknown: 'TiFlash does not export this metric' },
    ]);
  });

  it('have what PD knows, whatever becomes of Prometheus', async () => {
    const server = await startServer(() => {});
    await server.stop();
    const { subject } = await openCluster({}, new PrometheusClient({ url: server.url }));
    const [metrics] = await subject.getStoreMetrics();
    expect(metrics).toMatchObject({
      leaderCount: 20,
      regionCount: 60,
      usedBytes: expect.any(Number),
      writeBytesPerSecond: expect.any(Number),
      requestsPerSecond: { unknown: expect.stringContaining('cannot be reached') },
      latencyP99Ms: { unknown: expect.stringContaining('ECONNREFUSED') },
    });
  });
});

describe('the metrics of the cluster', () => {
  it('are sums over TiKV stores', async () => {
    const values = [1, 2, 3, 4, 5].map((store) => [`127.0.0.1:2018${store}`, String(store)]);
    const prometheus = await startPrometheus(Object.fromEntries(values));
    const { sim, subject } = await openCluster({ tiflashStores: 2 }, prometheus);
    await subject.drainStore('3');
    expect(await subject.getClusterMetrics()).toMatchObject({
      clusterId: sim.clusterId,
      version: '8.5.7',
      storeCount: 5,
      upStoreCount: 5,
      tiflashStoreCount: 2,
      storesByState: { Up: 5 },
      drainedStoreCount: 1,
      regionCount: 100,
      leaderCount: 100,
      capacityBytes: 5 * 1024 ** 4,
      requestsPerSecond: 15,
      latencyP99Ms: 5,
      cpuCores: 15,
    });
  });

  it('are unknown where a part is, and say whose', async () => {
    const prometheus = await startPrometheus({
      '127.0.0.1:20181': '1',
      '127.0.0.1:20182': '1',
      '127.0.0.1:20183': '1',
    });
    const { subject } = await openCluster({}, prometheus);
    const { cpuCores, latencyP99Ms, leaderCount } = await subject.getClusterMetrics();
    expect(cpuCores).toEqual({ unknown: expect.stringMatching(/^store 4: .*; store 5: /u) });
    expect(isUnknown(latencyP99Ms)).toBe(true);
    expect(leaderCount).toBe(100);
  });

  it('say once why all parts are unknown', async () => {
    const { subject } = await openCluster();
    const { cpuCores } = await subject.getClusterMetrics();
    expect(cpuCores).toEqual({ unknown: 'Prometheus is not configured' });
  });

  it('cost the same for 1,000 regions and for 20,000', async () => {
    const small = await costOf(1000);
    const large = await costOf(20_000);
    expect([small.count, large.count]).toEqual([1000, 20_000]);
    expect(large.requests).toBe(small.requests);
    expect(large.requests).toBeLessThanOrEqual(8);
    // Numbers of regions have more digits; nothing else grows.
    expect(large.bytes - small.bytes).toBeLessThan(200);
  });
});
