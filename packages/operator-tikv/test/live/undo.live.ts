import type { JsonObject } from 'operator-core';
import { describe, expect, test } from 'vitest';
import { LiveCluster } from './cluster.ts';
import { until } from './until.ts';
import { drainRequest, leaderRequest, limitRequest, peerRequest } from '../changes.ts';

const WITHIN_MS = 120_000;

const cluster = new LiveCluster();

/** Brings something about through the gate; the id of its run. */
async function bringAbout(action: string, parameters: JsonObject): Promise<string> {
  const result = await cluster.apply(await cluster.plan(action, parameters));
  expect(result).toMatchObject({ state: 'succeeded', error: null });
  return result.runId;
}

/** The undo of the run is refused for the reason, and nothing is sent. */
async function expectRefused(runId: string, reason: RegExp): Promise<void> {
  const { length } = cluster.site.changes();
  const { state } = await cluster.engine.runs.get(runId);
  await expect(cluster.undo(runId)).rejects.toMatchObject({
    code: 'UNDO_REFUSED',
    message: expect.stringMatching(reason),
    facts: { runId, reasons: [expect.stringMatching(reason)] },
  });
  expect(cluster.site.changes()).toHaveLength(length);
  expect(await cluster.engine.runs.get(runId)).toMatchObject({ state });
}

describe('undo on a real cluster whose world has moved on', () => {
  test('a leader that another user has moved again is not moved back', async () => {
    const { regionId, leader, follower } = await cluster.movable();
    const runId = await bringAbout('transfer_leader', {
      region_id: regionId,
      to_store_id: follower,
    });
    await cluster.pd.change(leaderRequest(regionId, Number(leader)));
    const isBack = () =>
      cluster.isThere('transfer_leader', { region_id: regionId, to_store_id: leader });
    expect(await until(isBack, WITHIN_MS)).toBe(true);
    await expectRefused(runId, new RegExp(`Store ${leader} leads region ${regionId}`, 'u'));
  });

  test('a leader is not moved back to a store that another user drains', async () => {
    const { regionId, leader, follower } = await cluster.movable();
    const runId = await bringAbout('transfer_leader', {
      region_id: regionId,
      to_store_id: follower,
    });
    await cluster.pd.change(drainRequest(Number(leader)));
    await expectRefused(runId, /\(STORE_BEING_DRAINED\)/u);
  });

  test('a peer that another user has moved again is not moved back', async () => {
    const { regionId, follower, free } = await cluster.movable();
    const wanted = { region_id: regionId, from_store_id: follower, to_store_id: free };
    const runId = await bringAbout('transfer_peer', wanted);
    await cluster.pd.change(peerRequest(regionId, Number(free), Number(follower)));
    const back = { region_id: regionId, from_store_id: free, to_store_id: follower };
    expect(await until(() => cluster.isThere('transfer_peer', back), WITHIN_MS)).toBe(true);
    await expectRefused(runId, /Its effect is not there/u);
  });

  test('a limit that another user has set since is not set back', async () => {
    const { leaderScheduleLimit } = await cluster.pd.getScheduleConfig();
    const limit = leaderScheduleLimit + 1;
    const runId = await bringAbout('set_leader_schedule_limit', { limit });
    await cluster.pd.change(limitRequest(limit + 1));
    await expectRefused(runId, new RegExp(`leader-schedule-limit is ${limit + 1}`, 'u'));
  });

  test('what is undone is not undone again', async () => {
    const { leaderScheduleLimit } = await cluster.pd.getScheduleConfig();
    const limit = leaderScheduleLimit + 1;
    const runId = await bringAbout('set_leader_schedule_limit', { limit });
    expect(await cluster.undo(runId)).toMatchObject({ state: 'succeeded' });
    await expectRefused(runId, /has undone it\. Its effect is not there now/u);
  });
});

describe('a run on a real cluster that no process follows', () => {
  test('of a drain is settled by reading, and taken back', async () => {
    const { leader } = await cluster.movable();
    const parameters = { store_id: leader };
    const plan = await cluster.plan('drain_store', parameters);
    const { runId, state } = await cluster.apply(plan, { wait: false });
    expect(state).toBe('verifying');
    expect(await until(() => cluster.isThere('drain_store', parameters), WITHIN_MS)).toBe(true);
    expect(await cluster.undo(runId)).toMatchObject({ state: 'succeeded' });
    expect(await cluster.engine.runs.get(runId)).toMatchObject({ state: 'undone' });
  });

  test('of a leader that came and has moved on says that it was taken back', async () => {
    const { regionId, leader, follower } = await cluster.movable();
    const wanted = { region_id: regionId, to_store_id: follower };
    const plan = await cluster.plan('transfer_leader', wanted);
    const { runId } = await cluster.apply(plan, { wait: false });
    expect(await until(() => cluster.isThere('transfer_leader', wanted), WITHIN_MS)).toBe(true);
    await cluster.pd.change(leaderRequest(regionId, Number(leader)));
    const back = { region_id: regionId, to_store_id: leader };
    expect(await until(() => cluster.isThere('transfer_leader', back), WITHIN_MS)).toBe(true);
    const isSettled = async () => {
      await cluster.engine.runs.recover();
      return (await cluster.engine.runs.get(runId)).state !== 'verifying';
    };
    expect(await until(isSettled, WITHIN_MS)).toBe(true);
    expect(await cluster.engine.runs.get(runId)).toMatchObject({
      state: 'ineffective',
      reason: expect.stringContaining('The effect was there, but was taken back'),
    });
  });
});
