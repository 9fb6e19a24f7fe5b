import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { PDClient, TiKVSubject } from 'operator-tikv';
import { median, toRatio } from './measurement.ts';
import type { Measurement } from './measurement.ts';
import { openSimulator } from './simulator.ts';

const ROUNDS = 40;

/** That the cost of the cluster's metrics does not grow with its regions. */
export async function measureClusterMetrics(): Promise<readonly Measurement[]> {
  await using small = await openSimulator({ stores: 5, regions: 1000 });
  await using large = await openSimulator({ stores: 5, regions: 100_000 });
  const few = openProbe(small.endpoint);
  const many = openProbe(large.endpoint);
  const runs: { few: Cost[]; many: Cost[] } = { few: [], many: [] };
  for (let round = -5; round < ROUNDS; round += 1) {
    const one = await few.measure();
    const other = await many.measure();
    if (round >= 0) {
      runs.few.push(one);
      runs.many.push(other);
    }
  }
  await Promise.all([few.close(), many.close()]);
  const ratio = (what: string, unit: string, pick: (cost: Cost) => number): Measurement =>
    toRatio(
      `${what} of \`getClusterMetrics\` at 100,000 regions / at 1,000`,
      { measured: median(runs.many.map(pick)), baseline: median(runs.few.map(pick)), unit },
      1.1,
    );
  return [
    ratio('time', 'ms', ({ ms }) => ms),
    ratio('bytes', 'bytes', ({ bytes }) => bytes),
    ratio('requests', 'requests', ({ requests }) => requests),
  ];
}

interface Cost {
  readonly ms: number;
  readonly bytes: number;
  readonly requests: number;
}

function openProbe(endpoint: string): { measure(): Promise<Cost>; close(): Promise<void> } {
  const subject = new TiKVSubject({ pd: new PDClient({ endpoints: [endpoint] }) });
  return {
    async measure() {
      let bytes = 0;
      let requests = 0;
      const onRequest = (): void => void (requests += 1);
      const onBody = (message: unknown): void => void (bytes += chunkLength(message));
      subscribe('undici:request:create', onRequest);
      subscribe('undici:request:bodyChunkReceived', onBody);
      const started = process.hrtime.bigint();
      await subject.getClusterMetrics();
      const ms = Number(process.hrtime.bigint() - started) / 1e6;
      unsubscribe('undici:request:create', onRequest);
      unsubscribe('undici:request:bodyChunkReceived', onBody);
      return { ms, bytes, requests };
    },
    close: () => subject.close(),
  };
}

function chunkLength(message: unknown): number {
  const { chunk } = message as { chunk: Buffer | string };
  return Buffer.byteLength(chunk);
}
