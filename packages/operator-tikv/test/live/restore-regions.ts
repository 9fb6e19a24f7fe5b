import { setTimeout } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { PDClient } from '../../src/pd/index.ts';
import type { PdByHand } from './by-hand.ts';
import { readPlacements } from './snapshot.ts';
import type { Placement, Placements, Reach, Snapshot } from './snapshot.ts';
import { until } from './until.ts';
import { leaderRequest, peerRequest } from '../changes.ts';

/** PD moves peers at the pace of its store limits; so long without one region less to go is the end. */
const STUCK_MS = 120_000;
/** Schedulers begin again by themselves after that, should this process die meanwhile. */
const PAUSE_SECONDS = 900;
/** A balancer that would take something back does so within that time. */
const STILL_MS = 8_000;
const MOST_ROUNDS = 3;

/**
 * Moves every region back to where it was, peers and leader. PD's schedulers are paused meanwhile, and
 * afterwards watched: what they move then is put back again, a few times at most.
 */
export async function restoreRegions(
  { pd, hand }: Reach,
  before: Snapshot,
  stillMs = STILL_MS,
): Promise<void> {
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    if ((await findMoved(pd, before.regions)).length === 0) return;
    await setPaused(hand, before.schedulers, PAUSE_SECONDS);
    try {
      await moveBack(pd, before.regions);
    } finally {
      await setPaused(hand, before.schedulers, 0);
    }
    await setTimeout(stillMs);
  }
}

async function setPaused(
  hand: PdByHand,
  schedulers: readonly string[],
  delay: number,
): Promise<void> {
  for (const name of schedulers) await hand.change('POST', `schedulers/${name}`, { delay });
}

interface Moved {
  readonly id: number;
  readonly now: Placement;
  readonly wanted: Placement;
}

async function findMoved(pd: PDClient, before: Placements): Promise<readonly Moved[]> {
  const regions = await readPlacements(pd);
  return [...before].flatMap(([id, wanted]) => {
    const now = regions.get(id);
    return now === undefined || isDeepStrictEqual(now, wanted) ? [] : [{ id, now, wanted }];
  });
}

async function moveBack(pd: PDClient, before: Placements): Promise<void> {
  let left = Infinity;
  let since = performance.now();
  await until(async () => {
    const moved = await findMoved(pd, before);
    if (moved.length < left) since = performance.now();
    left = Math.min(left, moved.length);
    const busy = new Set((await pd.getOperators()).map(({ regionId }) => regionId));
    for (const one of moved) if (!busy.has(one.id)) await step(pd, one);
    return moved.length === 0 || performance.now() - since > STUCK_MS;
  }, Infinity);
}

/** One operator on the way back. PD may refuse it for the moment, and is asked again in the next round. */
async function step(pd: PDClient, { id, now, wanted }: Moved): Promise<void> {
  const extra = now.storeIds.find((one) => !wanted.storeIds.includes(one));
  const missing = wanted.storeIds.find((one) => !now.storeIds.includes(one));
  if (extra !== undefined && missing !== undefined) {
    await pd.change(peerRequest(id, extra, missing)).catch(() => '');
  } else if (extra === undefined && missing === undefined && wanted.leaderStoreId !== null) {
    await pd.change(leaderRequest(id, wanted.leaderStoreId)).catch(() => '');
  }
}
