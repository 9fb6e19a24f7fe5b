import { describe, expect, test } from 'vitest';
import { LiveCluster } from './cluster.ts';
import { expectTruth } from './expect-ended.ts';
import { keepRegionOn } from './hand-rules.ts';
import { planPeerMove } from './moves.ts';
import type { PlannedMove } from './moves.ts';
import { until } from './until.ts';

/** A run must not wait for PD's own limit of an operator that is gone. */
const SOON_MS = 60_000;
/** A move that is over before it can be cancelled proves nothing; so often another is tried. */
const MOST_TRIES = 10;

const cluster = new LiveCluster();

/** PD's checkers have taken the learner off again, and the region is where it was. */
async function expectAsBefore({ regionId, leader, follower, free }: PlannedMove): Promise<void> {
  const isBack = async (): Promise<boolean> => {
    const peers = await cluster.peersOf(regionId);
    return peers.includes(leader) && peers.includes(follower) && !peers.includes(free);
  };
  expect(await until(isBack, SOON_MS)).toBe(true);
}

/** Cancels the region's operator as an administrator does; `false` when it was over before. */
async function cancelByHand(regionId: number): Promise<boolean> {
  const cancelled = cluster.hand.change('DELETE', `operators/${regionId}`);
  return cancelled.then(
    () => true,
    () => false,
  );
}

describe('an operator that PD no longer has', () => {
  test('cancelled by another user: the run ends soon and says so', async () => {
    for (let tries = 1; ; tries += 1) {
      const move = await planPeerMove(cluster);
      const began = performance.now();
      let isCancelled = false;
      const result = await cluster.apply(move.plan, {}, async ({ kind }) => {
        if (kind === 'sent') isCancelled = await cancelByHand(move.regionId);
      });
      await expectTruth(cluster, result, move.isThere);
      if (!isCancelled || result.state === 'succeeded') {
        expect(tries).toBeLessThan(MOST_TRIES);
        continue;
      }
      expect(performance.now() - began).toBeLessThan(SOON_MS);
      expect(result).toMatchObject({ state: 'ineffective' });
      expect(result.summary).toMatch(/cancelled|CANCEL|came after it/u);
      await expectAsBefore(move);
      return;
    }
  });

  test('cancelled by us: the region is as before, and the run is cancelled', async () => {
    for (let tries = 1; ; tries += 1) {
      const move = await planPeerMove(cluster);
      let cancelling: Promise<unknown> = Promise.resolve();
      const result = await cluster.apply(move.plan, {}, ({ kind, runId }) => {
        if (kind !== 'sent') return;
        cancelling = cluster.engine.runs.cancel(runId, { reason: 'the test takes it back' });
        cancelling.catch(() => undefined);
      });
      await cancelling;
      await expectTruth(cluster, result, move.isThere);
      if (result.state === 'succeeded') {
        expect(tries).toBeLessThan(MOST_TRIES);
        continue;
      }
      expect(result.state, result.summary).toBe('cancelled');
      await expectAsBefore(move);
      return;
    }
  });

  test('reverted by a placement rule of another user: the run does not succeed', async () => {
    const move = await planPeerMove(cluster);
    const before = await cluster.peersOf(move.regionId);
    const result = await cluster.apply(move.plan, {}, async ({ kind }) => {
      if (kind === 'sent') await keepRegionOn(cluster, move.regionId, before);
    });
    expect(result.state, result.summary).not.toBe('succeeded');
    expect(result.state).not.toBe('verifying');
    await expectAsBefore(move);
  });
});
