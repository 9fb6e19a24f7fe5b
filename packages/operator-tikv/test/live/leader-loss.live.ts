import type { Plan } from 'operator-core';
import type { RunEvent } from 'operator-engine';
import { describe, expect, test } from 'vitest';
import { outcomeOf } from '../gate/drain.ts';
import { findContradictions } from '../gate/find-lies.ts';
import { watchUntilQuiet } from '../gate/settle.ts';
import { atNextChange } from './at-change.ts';
import { LiveCluster } from './cluster.ts';
import { expectTruth, Readable } from './expect-ended.ts';
import { planLeaderMove, planPeerMove } from './moves.ts';
import { reasonToSkip } from './needs.ts';
import { until } from './until.ts';

const WITHIN_MS = 180_000;

const cluster = new LiveCluster();
const skipped = await reasonToSkip({ hooks: ['killMember', 'startMember'] });
const unpaused = await reasonToSkip({ hooks: ['pauseMember', 'resumeMember'], members: 3 });
const unsilenced = await reasonToSkip({
  hooks: ['killMember', 'startMember', 'silenceStore', 'resumeStore'],
  members: 3,
});

/** Breaks PD's leader at the first event of a kind, and lets the run go on. */
function breakAt(
  kind: RunEvent['kind'],
  broken: () => Promise<unknown>,
): { readonly at: (event: RunEvent) => Promise<void>; readonly readable: Readable } {
  const readable = new Readable(cluster);
  let isBroken = false;
  const at = async (event: RunEvent): Promise<void> => {
    if (event.kind !== kind || isBroken) return;
    isBroken = true;
    await broken();
    readable.begin();
  };
  return { at, readable };
}

describe.skipIf(skipped !== '')(`the leader of PD is lost${skipped}`, () => {
  test('before the plan: nothing is planned before PD knows its stores', async () => {
    const { regionId, follower } = await cluster.movable();
    const wanted = { region_id: regionId, to_store_id: follower };
    await cluster.faults.killLeader();
    const first = await cluster.subject.plan('transfer_leader', wanted);
    if (first.kind === 'refused') expect(first.refusal.code).toBe('CLUSTER_NOT_READY');
    let plan: Plan | null = null;
    const isPlanned = async (): Promise<boolean> => {
      const outcome = await cluster.subject.plan('transfer_leader', wanted);
      if (outcome.kind === 'refused') expect(outcome.refusal.code).toBe('CLUSTER_NOT_READY');
      plan = outcome.kind === 'plan' ? outcome.plan : null;
      return plan !== null;
    };
    expect(await until(isPlanned, WITHIN_MS)).toBe(true);
    if (plan === null) return;
    expect(await cluster.apply(plan)).toMatchObject({ state: 'succeeded', error: null });
    expect(await cluster.leaderOf(regionId)).toBe(follower);
  });

  test('between plan and send: nothing is sent, and the same works when PD is ready', async () => {
    const { plan, isThere } = await planLeaderMove(cluster);
    await cluster.faults.killLeader();
    const { result, error } = await outcomeOf(cluster.subject.apply(plan), () => undefined);
    if (result === null) {
      expect(error?.code, String(error)).toMatch(
        /^(?:PLAN_STALE|PLAN_REFUSED|CLUSTER_NOT_READY)$/u,
      );
      expect(cluster.site.changes()).toEqual([]);
      await cluster.readable();
      const again = await cluster.plan('transfer_leader', plan.parameters);
      expect(await cluster.apply(again)).toMatchObject({ state: 'succeeded', error: null });
    } else expect(result).toMatchObject({ state: 'succeeded', error: null });
    expect(await isThere()).toBe(true);
  });

  test('at the moment of sending: unknown is not done', async () => {
    const { plan, isThere } = await planLeaderMove(cluster);
    atNextChange(cluster.site, { at: 'arrived' }, async () => {
      await cluster.faults.killLeader();
    });
    const result = await cluster.apply(plan);
    expect(cluster.site.changes()).toHaveLength(1);
    expect(await isThere()).toBe(false);
    expect(result.state).toMatch(/^(?:unknown|ineffective|failed)$/u);
    await cluster.engine.runs.recover();
    const { state } = await cluster.engine.runs.get(result.runId);
    expect(state).toMatch(/^(?:unknown|ineffective|failed)$/u);
    // Another run does the work: the lost one has not done it.
    const again = await cluster.apply(await cluster.plan('transfer_leader', plan.parameters));
    expect(again).toMatchObject({ state: 'succeeded', error: null });
    await cluster.engine.runs.recover();
    expect((await cluster.engine.runs.get(result.runId)).state).not.toBe('succeeded');
  });

  test.for(['sent', 'verifying'] as const)(
    'at %s of a peer: the run ends when PD can be read, and says what is so',
    async (kind) => {
      const { plan, isThere } = await planPeerMove(cluster);
      const { at, readable } = breakAt(kind, () => cluster.faults.killLeader());
      const result = await cluster.apply(plan, {}, at);
      expect(await readable.endedSoon()).toBe(true);
      await expectTruth(cluster, result, isThere);
      if (result.state !== 'succeeded') expect(result.summary).toMatch(/PD no longer has/u);
    },
  );

  test('right after a leader was accepted: the run says what is so', async () => {
    const { plan, isThere } = await planLeaderMove(cluster);
    const { at, readable } = breakAt('sent', () => cluster.faults.killLeader());
    const result = await cluster.apply(plan, {}, at);
    expect(await readable.endedSoon()).toBe(true);
    await expectTruth(cluster, result, isThere);
  });

  test('during the hold: the run says what is so', async () => {
    const { plan, isThere } = await planLeaderMove(cluster);
    const { at, readable } = breakAt('settling', () => cluster.faults.killLeader());
    const result = await cluster.apply(plan, {}, at);
    expect(await readable.endedSoon()).toBe(true);
    await expectTruth(cluster, result, isThere);
  });

  test('during a drain: the drain stands, or the run says that it does not', async () => {
    const [store] = await cluster.drainable();
    const id = store?.id ?? 0;
    const plan = await cluster.plan('drain_store', { store_id: String(id) });
    const { at } = breakAt('sent', () => cluster.faults.killLeader());
    const result = await cluster.apply(plan, {}, at);
    await cluster.readable();
    expect(await cluster.drained()).toEqual([id]);
    expect(result).toMatchObject({ state: 'succeeded', error: null });
    expect(await cluster.engine.leases.get(result.runId)).toMatchObject({ state: 'active' });
    await cluster.engine.leases.end(result.runId, { reason: 'the test is over' });
    expect(await cluster.drained()).toEqual([]);
  });

  test('at the end of a lease: the drain ends all the same', async () => {
    const [store] = await cluster.drainable();
    const plan = await cluster.plan('drain_store', { store_id: String(store?.id) });
    const { runId, state } = await cluster.apply(plan, { leaseMs: 1 });
    expect(state).toBe('succeeded');
    atNextChange(cluster.site, { at: 'arrived', method: 'DELETE' }, async () => {
      await cluster.faults.killLeader();
    });
    await watchUntilQuiet(cluster.engine, WITHIN_MS);
    expect(await cluster.drained()).toEqual([]);
    expect(await cluster.engine.leases.get(runId)).toMatchObject({ state: 'ended' });
    expect(await findContradictions(cluster.site, cluster.engine)).toEqual([]);
  });
});

describe.skipIf(unsilenced !== '')(`the leader of PD is lost${unsilenced}`, () => {
  test('while a peer moves to a store that is silent: the run ends without that store', async () => {
    const move = await planPeerMove(cluster);
    const began = performance.now();
    const result = await cluster.apply(move.plan, {}, async ({ kind }) => {
      if (kind !== 'sent') return;
      await cluster.faults.silence(move.free);
      await cluster.faults.killLeader();
    });
    expect(performance.now() - began).toBeLessThan(WITHIN_MS);
    expect(result.state, result.summary).toBe('ineffective');
    expect(result.summary).toMatch(/PD no longer has this operator/u);
    expect(await move.isThere()).toBe(false);
  });
});

describe.skipIf(unpaused !== '')(`the leader of PD is paused${unpaused}`, () => {
  test('while a peer moves: the run ends when PD can be read, and says what is so', async () => {
    const { plan, isThere } = await planPeerMove(cluster);
    const { at, readable } = breakAt('sent', () => cluster.faults.pauseLeader());
    const result = await cluster.apply(plan, {}, at);
    expect(await readable.endedSoon()).toBe(true);
    await expectTruth(cluster, result, isThere);
  });
});
