import type { RunResult } from 'operator-engine';
import { describe, expect, test } from 'vitest';
import { findContradictions } from '../gate/find-lies.ts';
import { watchUntilQuiet } from '../gate/settle.ts';
import { NOW } from '../gate/site.ts';
import { startWorker } from '../gate/start-worker.ts';
import type { Worker } from '../gate/start-worker.ts';
import { LiveCluster } from './cluster.ts';
import { drainRequest, undrainRequest } from '../changes.ts';

const WITHIN_MS = 120_000;

const cluster = new LiveCluster();

/** Nothing that was sent is missing in the ledger, sent twice, or left in force. */
async function expectTruth(): Promise<void> {
  expect(await findContradictions(cluster.site, cluster.engine)).toEqual([]);
}

/** What was sent, by its method and the end of its path: a kind, or the store that is let go. */
function sent(): readonly string[] {
  return cluster.site.changes().map(({ method, path }) => `${method} ${path.split('/').at(-1)}`);
}

async function drainFor(storeId: number, leaseMs: number): Promise<RunResult> {
  const plan = await cluster.plan('drain_store', { store_id: String(storeId) });
  const result = await cluster.apply(plan, { leaseMs });
  expect(result).toMatchObject({ state: 'succeeded', error: null, lease: { state: 'active' } });
  return result;
}

async function twoStores(): Promise<readonly [number, number]> {
  const [one, other] = await cluster.drainable();
  if (one === undefined || other === undefined) throw new Error('less than two stores lead');
  return [one.id, other.id];
}

describe('leases on a real cluster', () => {
  test('a drain with an end is ended by the process that watches', async () => {
    const [storeId] = await twoStores();
    const { runId } = await drainFor(storeId, 1_000);
    expect(await cluster.drained()).toEqual([storeId]);
    expect(await cluster.pd.getStore(storeId)).toMatchObject({ leaderCount: 0 });

    const watcher = startWorker(
      cluster.site.task([{ do: 'watch', until: 'lease_ended' }], NOW, 'free'),
    );
    await endOf(watcher);
    expect(watcher.said).toContainEqual({ kind: 'watch', event: 'lease_ended' });
    expect(await cluster.drained()).toEqual([]);
    expect(await cluster.engine.leases.get(runId)).toMatchObject({ state: 'ended' });
    expect(sent()).toEqual(['POST schedulers', `DELETE ${storeId}`]);
    await expectTruth();
  });

  test('drains that were there before us are never removed by us', async () => {
    const [ours, theirs] = await twoStores();
    const plan = await cluster.plan('drain_store', { store_id: String(theirs) });
    await cluster.pd.change(drainRequest(theirs));
    await expect(cluster.apply(plan, { leaseMs: 1 })).rejects.toMatchObject({ code: 'PLAN_STALE' });
    expect(await cluster.subject.plan('drain_store', { store_id: String(theirs) })).toMatchObject({
      kind: 'refused',
      refusal: { code: 'DRAIN_EXISTS' },
    });
    expect(sent()).toEqual([]);

    // PD keeps both in one scheduler.
    await drainFor(ours, 1);
    const told = await watchUntilQuiet(cluster.engine, WITHIN_MS);
    expect(told.map(({ kind }) => kind)).toContain('lease_ended');
    expect(await cluster.drained()).toEqual([theirs]);
    expect(sent()).toEqual(['POST schedulers', `DELETE ${ours}`]);
    await expectTruth();
  });

  test('a drain that another tool has removed is reported as lost', async () => {
    const [storeId] = await twoStores();
    const { runId } = await drainFor(storeId, 1);
    await cluster.pd.change(undrainRequest(storeId));
    const told = await watchUntilQuiet(cluster.engine, WITHIN_MS);
    expect(told).toContainEqual(
      expect.objectContaining({
        kind: 'lease_lost',
        runId,
        message: expect.stringContaining('something else removed it'),
      }),
    );
    expect(await cluster.engine.leases.get(runId)).toMatchObject({ state: 'lost' });
    expect(sent()).toEqual(['POST schedulers']);
    await expectTruth();
  });
});

async function endOf(worker: Worker): Promise<void> {
  const late = setTimeout(() => worker.signal('SIGKILL'), WITHIN_MS);
  await worker.ended();
  clearTimeout(late);
}
