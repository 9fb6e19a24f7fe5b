import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startTikvSim } from 'operator-tikv-sim';
import type { TikvSim } from 'operator-tikv-sim';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { PDClient } from '../src/pd/index.ts';
import { PdByHand } from './live/by-hand.ts';
import { compareSnapshots } from './live/compare-snapshots.ts';
import { beginJournal } from './live/journal.ts';
import { inspectCluster } from './live/preflight.ts';
import { restore } from './live/restore.ts';
import { takeSnapshot } from './live/snapshot.ts';
import type { Reach } from './live/snapshot.ts';
import { until } from './live/until.ts';
import { drainRequest, leaderRequest, limitRequest, undrainRequest } from './changes.ts';

/** The simulator's time goes by with each request. */
const AT_ONCE = 0;
const WITHIN_MS = 20_000;
const WHILE_MOVING_MS = 500;

let sim: TikvSim;
let reach: Reach;
let folder: string;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'operator-live-suite-'));
  beginJournal(join(folder, 'journal'));
  sim = await startTikvSim({ regions: 20, members: 3 });
  const pd = new PDClient({ endpoints: sim.endpoints });
  reach = { pd, hand: await new PdByHand(sim.endpoints).discover() };
});

afterEach(async () => {
  await reach.pd.close();
  await sim.stop();
  rmSync(folder, { recursive: true });
});

async function obstacles(): Promise<readonly string[]> {
  return (await inspectCluster(reach, AT_ONCE)).obstacles;
}

describe('the live suite starts', () => {
  test('on a cluster at rest', async () => {
    expect(await obstacles()).toEqual([]);
  });

  test.for([
    [
      'a scheduler is paused',
      () => reach.hand.change('POST', 'schedulers/balance-leader-scheduler', { delay: 600 }),
      /^balance-leader-scheduler is paused/u,
    ],
    [
      'the leader balancer does not run',
      () => reach.hand.change('DELETE', 'schedulers/balance-leader-scheduler'),
      /^balance-leader-scheduler does not run/u,
    ],
    ['a store is drained', () => reach.pd.change(drainRequest(2)), /^Stores are drained: 2\.$/u],
    [
      'no leader may move',
      () => reach.pd.change(limitRequest(0)),
      /^leader-schedule-limit is 0\.$/u,
    ],
    [
      'a region has no leader',
      async () => sim.faults.leaveLeaderless({ regionId: 9 }),
      /^PD knows no leader of 1 regions\.$/u,
    ],
    [
      'a store is silent',
      async () => {
        sim.faults.silenceStore({ storeId: 3 });
        sim.clock.advance(60_000);
      },
      /^Store 3 is Disconnected\.$/u,
    ],
    [
      'an operator runs',
      async () => {
        sim.faults.holdOperators();
        const region = await reach.pd.getRegion(9);
        const to = region?.peers.find(({ storeId }) => storeId !== region.leader?.storeId);
        await reach.pd.change(leaderRequest(9, to?.storeId ?? 0));
      },
      /^An operator runs on region 9: /u,
    ],
  ] as const)('not where %s, and says so', async ([, disturb, sentence]) => {
    await disturb();
    expect(await obstacles()).toContainEqual(expect.stringMatching(sentence));
  });

  test('not where a store leads nothing though nothing drains it', async () => {
    await reach.pd.change(drainRequest(2));
    const isEmpty = async (): Promise<boolean> => (await reach.pd.getStore(2))?.leaderCount === 0;
    expect(await until(isEmpty, WITHIN_MS)).toBe(true);
    await reach.hand.change('POST', 'schedulers/balance-leader-scheduler', { delay: 600 });
    await reach.pd.change(undrainRequest(2));
    expect(await obstacles()).toContainEqual(
      expect.stringMatching(/^Store 2 leads no region \(1: \d+, 2: 0, /u),
    );
  });

  test('not where regions move between two looks', async () => {
    const stop = new AbortController();
    const moving = (async () => {
      for (let turn = 0; !stop.signal.aborted; turn += 1) await moveLeaders(turn);
    })();
    const { obstacles: found } = await inspectCluster(reach, WHILE_MOVING_MS);
    stop.abort();
    await moving;
    expect(found).toContainEqual(
      expect.stringMatching(/^PD moves regions by itself: \d+ between/u),
    );
  });
});

/** Moves the leader of each region to another voter, in turn. */
async function moveLeaders(turn: number): Promise<void> {
  for (const { id, peers, leader } of await reach.pd.getRegionsByKey({ limit: 20 })) {
    const others = peers.filter(({ storeId }) => storeId !== leader?.storeId);
    const to = others[turn % others.length]?.storeId ?? 0;
    await reach.pd.change(leaderRequest(id, to)).catch(() => '');
  }
}

describe('the live suite puts back', () => {
  test('leaders, peers, rules, labels, limits, settings and the PD leader', async () => {
    const before = await takeSnapshot(reach);
    await reach.hand.change('POST', 'schedulers/balance-leader-scheduler', { delay: 600 });
    await reach.hand.change('POST', 'store/1/label', { 'operator-live': 'x' });
    await reach.hand.change('POST', 'store/1/limit', { type: 'add-peer', rate: 3 });
    await reach.hand.change('POST', 'config/schedule', { 'max-store-down-time': '45s' });
    await reach.hand.change('POST', 'config/label-property', {
      type: 'reject-leader',
      action: 'set',
      'label-key': 'operator-live',
      'label-value': 'x',
    });
    await reach.pd.change(drainRequest(2));
    const isEmpty = async (): Promise<boolean> => (await reach.pd.getStore(2))?.leaderCount === 0;
    expect(await until(isEmpty, WITHIN_MS)).toBe(true);
    expect(compareSnapshots(before, await takeSnapshot(reach)).length).toBeGreaterThan(6);

    await restore(reach, before, AT_ONCE);
    expect(compareSnapshots(before, await takeSnapshot(reach))).toEqual([]);
  });
});
