import type { RunEvent } from 'operator-engine';
import { describe, expect, test } from 'vitest';
import { atNextChange } from './at-change.ts';
import { LiveCluster } from './cluster.ts';
import { expectTruth } from './expect-ended.ts';
import { planLeaderMove, planPeerMove } from './moves.ts';
import { reasonToSkip } from './needs.ts';
import { until } from './until.ts';

/** PD shows a store as Disconnected after 20 s of silence. */
const DISCONNECTED_MS = 60_000;
/** Lowered, so that a silent store is Down in the time of a test. */
const DOWN_SECONDS = 45;
const DOWN_MS = 150_000;

const cluster = new LiveCluster();
const skipped = await reasonToSkip({ hooks: ['silenceStore', 'resumeStore'] });

/** Waits until PD shows the store in a state. */
async function untilState(storeId: string, state: string, withinMs: number): Promise<void> {
  interface HandStore {
    readonly store: { readonly state_name: string };
  }
  const isSo = async (): Promise<boolean> => {
    const { store } = await cluster.hand.read<HandStore>(`store/${storeId}`);
    return store.state_name === state;
  };
  expect(await until(isSo, withinMs)).toBe(true);
}

/** Summary of the effect at an event of the run; empty when there is none. */
function toSummary(event: RunEvent): string {
  return event.kind === 'verifying' ? (event.verification?.summary ?? '') : '';
}

describe.skipIf(skipped !== '')(`a store that falls silent${skipped}`, () => {
  test('as a peer is sent to it: the run says why it waits, and a cancel takes it back', async () => {
    const move = await planPeerMove(cluster);
    atNextChange(cluster.site, { at: 'arrived' }, () => cluster.faults.silence(move.free));
    const waits = new RegExp(`Store ${move.free}, the target, is Disconnected`, 'u');
    let cancelling: Promise<unknown> | null = null;
    const result = await cluster.apply(move.plan, {}, (event) => {
      if (cancelling !== null || !waits.test(toSummary(event))) return;
      cancelling = cluster.engine.runs.cancel(event.runId, { reason: 'the store is silent' });
      cancelling.catch(() => undefined);
    });
    expect(cancelling, result.summary).not.toBeNull();
    expect(result.state, result.summary).toBe('cancelled');
    expect(await move.isThere()).toBe(false);
  });

  // PD gives the operator up when the region reports next, which may be before the run looks again.
  test('as a peer is sent to it, and is Down: the run ends when PD gives it up', async () => {
    await cluster.hand.change('POST', 'config/schedule', {
      'max-store-down-time': `${DOWN_SECONDS}s`,
    });
    const move = await planPeerMove(cluster);
    atNextChange(cluster.site, { at: 'arrived' }, () => cluster.faults.silence(move.free));
    const said: string[] = [];
    const result = await cluster.apply(move.plan, {}, (event) => {
      said.push(toSummary(event));
    });
    expect(said.join('\n')).toContain(`Store ${move.free}, the target, is Disconnected`);
    expect(result.state, result.summary).toBe('ineffective');
    expect(result.summary).toMatch(/PD no longer has this operator/u);
    await expectTruth(cluster, result, move.isThere);
  });

  test('as a leader is sent to it: the run ends when PD gives it up', async () => {
    const move = await planLeaderMove(cluster);
    atNextChange(cluster.site, { at: 'arrived' }, () => cluster.faults.silence(move.follower));
    const result = await cluster.apply(move.plan);
    expect(result.state, result.summary).toMatch(/^(?:ineffective|failed)$/u);
    await expectTruth(cluster, result, move.isThere);
  });

  test('is warned of and then refused before PD shows it as silent', async () => {
    const { regionId, follower } = await cluster.movable();
    await cluster.faults.silence(follower);
    const leader = { region_id: regionId, to_store_id: follower };
    const outcomes: string[] = [];
    const isRefused = async (): Promise<boolean> => {
      const planned = await cluster.subject.plan('transfer_leader', leader);
      if (planned.kind === 'plan') outcomes.push(...planned.plan.warnings);
      if (planned.kind !== 'refused') return false;
      outcomes.push(planned.refusal.message);
      return true;
    };
    expect(await until(isRefused, DISCONNECTED_MS)).toBe(true);
    expect(outcomes[0]).toContain(`The heartbeat of store ${follower} is late`);
    expect(outcomes.at(-1)).toMatch(
      new RegExp(
        `Store ${follower} is shown as Up but has sent no heartbeat for at least 1\\d s`,
        'u',
      ),
    );
    expect(cluster.site.changes()).toEqual([]);
  });

  test('is no target, and no reason to remove it', async () => {
    await cluster.hand.change('POST', 'config/schedule', {
      'max-store-down-time': `${DOWN_SECONDS}s`,
    });
    const { regionId, leader, follower, free } = await cluster.movable();
    await cluster.faults.silence(free);
    const move = { region_id: regionId, from_store_id: follower, to_store_id: free };
    await untilState(free, 'Disconnected', DISCONNECTED_MS);
    expect(await cluster.refusal('transfer_peer', move)).toMatchObject({
      code: 'STORE_DISCONNECTED',
    });
    const found = await cluster.subject.diagnose();
    const stores = found.filter(({ check }) => check === 'stores');
    expect(stores).toMatchObject([{ message: expect.stringContaining(`store ${free}`) }]);
    expect(stores[0]?.remedy ?? '').not.toMatch(/remov/iu);
    await untilState(free, 'Down', DOWN_MS);
    expect(await cluster.refusal('transfer_peer', move)).toMatchObject({ code: 'STORE_DOWN' });
    expect(await cluster.leaderOf(regionId)).toBe(leader);
    expect(cluster.site.changes()).toEqual([]);
  });
});
