import { describe, expect, test } from 'vitest';
import { findContradictions } from '../gate/find-lies.ts';
import { LiveCluster } from './cluster.ts';
import { until } from './until.ts';

const HOUR_MS = 3_600_000;
const NOTICED_MS = 60_000;

const cluster = new LiveCluster();

interface Drain {
  readonly storeId: number;
  readonly runId: string;
}

/** A proven drain with a lease. */
async function drain(leaseMs = HOUR_MS): Promise<Drain> {
  const [store] = await cluster.drainable();
  const storeId = store?.id ?? 0;
  const plan = await cluster.plan('drain_store', { store_id: String(storeId) });
  const result = await cluster.apply(plan, { leaseMs });
  expect(result).toMatchObject({ state: 'succeeded', lease: { state: 'active' } });
  return { storeId, runId: result.runId };
}

/** Removes the drain as pd-ctl does. */
async function steal({ storeId }: Drain): Promise<void> {
  await cluster.hand.change('DELETE', `schedulers/evict-leader-scheduler-${storeId}`);
  expect(await cluster.drained()).toEqual([]);
}

async function stateOf({ runId }: Drain): Promise<string> {
  return (await cluster.engine.leases.get(runId)).state;
}

/** Watches until the lease is in a state. */
async function watchUntil(done: () => Promise<boolean>): Promise<void> {
  const stop = new AbortController();
  const watching = (async () => {
    for await (const event of cluster.engine.watch({ signal: stop.signal })) void event;
  })();
  try {
    expect(await until(done, NOTICED_MS)).toBe(true);
  } finally {
    stop.abort();
    await watching;
  }
}

/** What was sent, by method. */
function sent(): readonly string[] {
  return cluster.site.changes().map(({ method }) => method);
}

describe('a drain that another tool removes', () => {
  test('is lost for a watching runner, long before its end', async () => {
    const stolen = await drain();
    await steal(stolen);
    await watchUntil(async () => (await stateOf(stolen)) === 'lost');
    expect(sent()).toEqual(['POST']);
    expect(await findContradictions(cluster.site, cluster.engine)).toEqual([]);
  });

  test('does not hold the store: a new drain is planned and done', async () => {
    const stolen = await drain();
    await steal(stolen);
    const again = { store_id: String(stolen.storeId) };
    const result = await cluster.apply(await cluster.plan('drain_store', again), {
      leaseMs: 1_000,
    });
    expect(result).toMatchObject({ state: 'succeeded', error: null });
    expect(await stateOf(stolen)).toBe('lost');
    await cluster.engine.leases.end(result.runId, { reason: 'the test is over' });
    expect(await cluster.drained()).toEqual([]);
  });

  test('is settled by an undrain that finds nothing to do', async () => {
    const stolen = await drain();
    await steal(stolen);
    const wanted = { store_id: String(stolen.storeId) };
    const asked = { isAskedFor: true };
    expect(await cluster.subject.plan('undrain_store', wanted, asked)).toMatchObject({
      kind: 'nothing_to_do',
    });
    expect(await stateOf(stolen)).toBe('lost');
  });

  test('is not ours when it is put back, and outlives the end of our lease', async () => {
    const stolen = await drain(30_000);
    const { endsAt } = await cluster.engine.leases.get(stolen.runId);
    const isDue = (afterMs: number): boolean => Date.parse(endsAt ?? '') + afterMs < Date.now();
    await steal(stolen);
    await watchUntil(async () => (await stateOf(stolen)) === 'lost');
    expect(isDue(0)).toBe(false);
    await cluster.hand.change('POST', 'schedulers', {
      name: 'evict-leader-scheduler',
      store_id: stolen.storeId,
    });
    await watchUntil(async () => isDue(5_000));
    expect(await cluster.drained()).toEqual([stolen.storeId]);
    expect(sent()).toEqual(['POST']);
  });
});
