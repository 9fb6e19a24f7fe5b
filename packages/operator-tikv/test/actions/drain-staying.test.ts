import { describe, expect, test } from 'vitest';
import { drainByHand, drainFirstTwo, silence } from './arrange.ts';
import { mustPost } from './arrange-placement.ts';
import { startCluster, VERSIONS } from './support.ts';
import type { Cluster } from './support.ts';

/** Regions that the store leads. */
function ledBy(cluster: Cluster, storeId: number): readonly number[] {
  const led = cluster.sim.model.regions().filter((region) => region.leaderStoreId === storeId);
  return led.map(({ id }) => id);
}

/** Requests received for details of regions. */
function detailRequests(cluster: Cluster): readonly string[] {
  return cluster.sim.requests
    .map(({ path }) => path)
    .filter((path) => path.startsWith('/pd/api/v1/regions/') && !path.endsWith('/count'));
}

describe.concurrent.each(VERSIONS)('a drain in which leaders stay, on PD %s', (version) => {
  test('names the regions, and is planned and proven where they are accepted', async (context) => {
    const cluster = await startCluster(context, { version });
    await drainFirstTwo(cluster);
    const parameters = { store_id: '3', accept_staying: 20 };
    const plan = await cluster.plan('drain_store', parameters);
    expect(plan.warnings).toHaveLength(1);
    expect(plan.warnings[0]).toMatch(
      /^20 of \d+ leaders cannot leave store 3: 9, (\d+, ){8}\d+ \(other voters on drained stores 1, 2\) and 10 more\.$/u,
    );
    expect(plan.effects[0]).toMatchObject({ after: 20 });
    const { result } = await cluster.apply(plan);
    expect(result).toMatchObject({
      state: 'succeeded',
      verification: { facts: { leaders: 20, staying: 20, stayingForGood: 20 } },
    });
    expect(result.summary).toContain('leads no region but those that cannot leave, as accepted');
    expect(
      await cluster.outcome('drain_store', { store_id: '3', accept_staying: 19 }),
    ).toMatchObject({ refusal: { code: 'DRAIN_EXISTS' } });
  });

  test('ends as failed, with the regions and the reason, when no more can move', async (context) => {
    const cluster = await startCluster(context, { version });
    const plan = await cluster.plan('drain_store', { store_id: '3' });
    const { result } = await cluster.apply(plan, async ({ kind }) => {
      if (kind !== 'sent') return;
      await drainByHand(cluster, 4);
      await drainByHand(cluster, 5);
    });
    expect(result.state).toBe('ineffective');
    const stay = ledBy(cluster, 3);
    expect(stay.length).toBeGreaterThan(0);
    expect(result.verification).toMatchObject({
      facts: {
        leaders: stay.length,
        stayingForGood: stay.length,
        stayingRegions: [
          {
            reason: 'other voters on drained stores 4, 5',
            regionIds: expect.arrayContaining([...stay]),
          },
        ],
      },
    });
    expect(result.summary).toMatch(
      /regions? stays?: .*No more can move; all others have left store 3/u,
    );
    expect((await cluster.undo(plan)).result.state).toBe('succeeded');
    expect(cluster.sim.model.evictedStores()).toEqual([4, 5]);
  });

  test('waits for regions whose other voters lag behind, and names them', async (context) => {
    const cluster = await startCluster(context, { version });
    const [first] = ledBy(cluster, 3);
    const others = cluster.storesOf(first ?? 0).filter((storeId) => storeId !== 3);
    for (const storeId of others)
      cluster.sim.faults.setPendingPeer({ regionId: first ?? 0, storeId });
    const plan = await cluster.plan('drain_store', { store_id: '3' });
    expect(plan.warnings).toEqual([
      `1 of 20 leaders cannot leave store 3, 1 of them until a peer or a store recovers: ${first} (other voters pending on stores ${others.join(', ')}).`,
    ]);
    const seen: string[] = [];
    const { result } = await cluster.apply(plan, (event) => {
      if (event.kind !== 'verifying' || event.verification === null) return;
      seen.push(event.verification.summary);
      if (!seen.at(-1)?.includes('as soon as')) return;
      cluster.sim.faults.clearPeerFaults({ regionId: first ?? 0 });
    });
    expect(seen).toContain(
      `1 region stays: ${first} (other voters pending on stores ${others.join(', ')}). They can move as soon as a peer or a store has recovered.`,
    );
    expect(result.state).toBe('succeeded');
  });

  test('says why nothing moves while PD moves no leaders', async (context) => {
    const cluster = await startCluster(context, { version });
    await drainByHand(cluster, 1);
    await mustPost(cluster, '/config/schedule', { 'leader-schedule-limit': 0 });
    const { verification } = await cluster.verify('drain_store', { store_id: '1' });
    expect(verification).toMatchObject({
      state: 'pending',
      summary: expect.stringContaining('leader-schedule-limit is 0'),
    });
  });

  test('drains a silent store: its regions elect others, and it leads none when it comes back', async (context) => {
    const cluster = await startCluster(context, { version });
    silence(cluster, 4, 40);
    const plan = await cluster.plan('drain_store', { store_id: '4' });
    expect(plan.warnings).toEqual([
      'Store 4 is Disconnected: PD cannot move its leaders. Regions with a majority elect others; the eviction keeps leaders away when the store comes back.',
    ]);
    expect((await cluster.apply(plan)).result.state).toBe('succeeded');
    cluster.sim.faults.wakeStore({ storeId: 4 });
    cluster.sim.clock.advance(60_000);
    expect(cluster.sim.model.store(4)).toMatchObject({ state: 'Up', leaderCount: 0 });
  });

  test('looks at regions only once while leaders leave', async (context) => {
    const cluster = await startCluster(context, { version, regions: 300 });
    const plan = await cluster.plan('drain_store', { store_id: '3' });
    cluster.sim.clearRequests();
    expect((await cluster.apply(plan)).result.state).toBe('succeeded');
    // The plan is checked again before it is sent; the verification only counts.
    expect(detailRequests(cluster)).toHaveLength(1);
  });
});

describe.each(VERSIONS)('140,000 regions on the store, on PD %s', (version) => {
  test('are read in pages, and one leaderless region elsewhere leaves the drain provable', async (context) => {
    const cluster = await startCluster(context, {
      version,
      stores: 4,
      regions: 187_000,
      stepMs: 1,
    });
    expect(cluster.sim.model.store(3)?.regionCount).toBeGreaterThan(140_000);
    cluster.sim.clearRequests();
    const plan = await cluster.plan('drain_store', { store_id: '3' });
    expect(plan.effects[0]).toMatchObject({ before: 46_750, after: 0 });
    const pages = detailRequests(cluster);
    expect(pages.length).toBeLessThanOrEqual(Math.ceil(187_000 / 1024));
    for (const page of pages) expect(page).toMatch(/^\/pd\/api\/v1\/regions\/key\?/u);

    cluster.sim.faults.silenceStore({ storeId: 3 });
    cluster.sim.clock.advance(12_000);
    expect(cluster.sim.model.store(3)?.leaderCount).toBe(0);
    cluster.sim.faults.wakeStore({ storeId: 3 });
    await drainByHand(cluster, 3);
    cluster.sim.clock.advance(10_000);
    const elsewhere = cluster.sim.model
      .regions()
      .find(({ peers }) => !peers.some(({ storeId }) => storeId === 3));
    cluster.sim.faults.leaveLeaderless({ regionId: elsewhere?.id ?? 0 });
    cluster.sim.clearRequests();
    expect(await cluster.verify('drain_store', { store_id: '3' })).toMatchObject({
      state: 'succeeded',
      verification: { state: 'reached' },
    });
  }, 300_000);
});
