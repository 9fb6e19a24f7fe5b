import { describe, expect, test } from 'vitest';
import { LiveCluster } from './cluster.ts';
import { until } from './until.ts';

const cluster = new LiveCluster();

/** An operator that ends by itself before it can be cancelled proves nothing; so often another is tried. */
const MOST_TRIES = 10;

describe('actions on a real cluster', () => {
  test('transfer_leader moves a leader and back', async () => {
    const { regionId, leader, follower } = await cluster.movable();
    const wanted = { region_id: regionId, to_store_id: follower };
    const done = await cluster.apply(await cluster.plan('transfer_leader', wanted));
    expect(done).toMatchObject({ state: 'succeeded', error: null });
    expect(await cluster.isThere('transfer_leader', wanted)).toBe(true);
    expect(await cluster.subject.plan('transfer_leader', wanted)).toMatchObject({
      kind: 'nothing_to_do',
    });
    expect(await cluster.undo(done.runId)).toMatchObject({ state: 'succeeded' });
    expect(await cluster.engine.runs.get(done.runId)).toMatchObject({ state: 'undone' });
    const back = { region_id: regionId, to_store_id: leader };
    expect(await cluster.isThere('transfer_leader', back)).toBe(true);
  });

  test('transfer_peer moves a follower and back', async () => {
    const { regionId, follower, free } = await cluster.movable();
    const before = await cluster.storesOf(regionId);
    const wanted = { region_id: regionId, from_store_id: follower, to_store_id: free };
    const done = await cluster.apply(await cluster.plan('transfer_peer', wanted));
    expect(done).toMatchObject({ state: 'succeeded', error: null });
    expect(await cluster.isThere('transfer_peer', wanted)).toBe(true);
    expect(await cluster.undo(done.runId)).toMatchObject({ state: 'succeeded' });
    expect(await cluster.engine.runs.get(done.runId)).toMatchObject({ state: 'undone' });
    expect(await cluster.storesOf(regionId)).toEqual(before);
  });

  test('drain_store empties a store, and undrain_store lets leaders come back', async () => {
    const [store] = await cluster.drainable();
    const wanted = { store_id: String(store?.id) };
    const drain = await cluster.plan('drain_store', wanted);
    expect(await cluster.apply(drain)).toMatchObject({ state: 'succeeded', error: null });
    expect(await cluster.isThere('drain_store', wanted)).toBe(true);
    expect(await cluster.isThere('undrain_store', wanted)).toBe(false);
    expect(await cluster.subject.plan('drain_store', wanted)).toMatchObject({
      kind: 'refused',
      refusal: { code: 'DRAIN_EXISTS' },
    });

    const undrain = await cluster.plan('undrain_store', wanted);
    expect(await cluster.apply(undrain)).toMatchObject({ state: 'succeeded', error: null });
    expect(await cluster.isThere('undrain_store', wanted)).toBe(true);
    expect(await cluster.subject.plan('undrain_store', wanted)).toMatchObject({
      kind: 'nothing_to_do',
    });
    const isRefilled = async (): Promise<boolean> =>
      ((await cluster.pd.getStore(store?.id ?? 0))?.leaderCount ?? 0) > 0;
    expect(await until(isRefilled, 120_000)).toBe(true);
  });

  test('cancel_operator ends an operator that runs', async () => {
    for (let tries = 1; ; tries += 1) {
      const { regionId, follower, free } = await cluster.movable();
      const move = { region_id: regionId, from_store_id: follower, to_store_id: free };
      const moving = await cluster.apply(await cluster.plan('transfer_peer', move), {
        wait: false,
      });
      expect(moving).toMatchObject({ state: 'verifying', error: null });
      const outcome = await cluster.subject.plan('cancel_operator', { region_id: regionId });
      const result =
        outcome.kind === 'plan' ? await cluster.apply(outcome.plan).catch(() => null) : null;
      if (result === null || result.state === 'failed') {
        expect(tries).toBeLessThan(MOST_TRIES);
        continue;
      }
      expect(result).toMatchObject({ state: 'succeeded', error: null });
      expect(await cluster.isThere('cancel_operator', { region_id: regionId })).toBe(true);
      return;
    }
  });

  test('set_leader_schedule_limit sets the limit and back', async () => {
    const { leaderScheduleLimit } = await cluster.pd.getScheduleConfig();
    const wanted = { limit: leaderScheduleLimit + 1 };
    const done = await cluster.apply(await cluster.plan('set_leader_schedule_limit', wanted));
    expect(done).toMatchObject({ state: 'succeeded', error: null });
    expect(await cluster.isThere('set_leader_schedule_limit', wanted)).toBe(true);
    expect(await cluster.undo(done.runId)).toMatchObject({ state: 'succeeded' });
    expect(await cluster.engine.runs.get(done.runId)).toMatchObject({ state: 'undone' });
    expect((await cluster.pd.getScheduleConfig()).leaderScheduleLimit).toBe(leaderScheduleLimit);
  });
});
