import type { PDClient, PDRegion, PDStore } from '../../src/pd/index.ts';
import { until } from './until.ts';

/** A region that can be moved, and where to. */
export interface Movable {
  readonly regionId: number;
  readonly leader: string;
  /** A store with a healthy voter that does not lead. */
  readonly follower: string;
  /** A store without a peer. */
  readonly free: string;
}

/** How long PD's balancers may take to come to rest, and how long nothing must have happened for that. */
const QUIET_MS = 120_000;
const STILL_MS = 6_000;

/** TiKV stores that are Up. */
export async function readUpStores(pd: PDClient): Promise<readonly PDStore[]> {
  const stores = await pd.getStores();
  return stores.filter(({ state, isTiFlash }) => state === 'Up' && !isTiFlash);
}

/** A small, healthy region on which nothing runs, once PD has come to rest. */
export async function findMovable(pd: PDClient): Promise<Movable> {
  await rest(pd);
  const [regions, stores, operators] = await Promise.all([
    pd.getRegionsByKey({ limit: 256 }),
    readUpStores(pd),
    pd.getOperators(),
  ]);
  const storeIds = stores
    .toSorted((one, other) => one.leaderCount - other.leaderCount)
    .map(({ id }) => id);
  const busy = new Set(operators.map(({ regionId }) => regionId));
  const candidates = regions
    .filter((region) => !busy.has(region.id) && isHealthy(region))
    .toSorted((one, other) => one.approximateSizeMiB - other.approximateSizeMiB);
  const movable = candidates.flatMap((region) => toMovable(region, storeIds) ?? []);
  // A leader that goes to a store that leads fewer is not taken back by PD's balancer.
  const rank = (id: string): number => storeIds.indexOf(Number(id));
  const found = movable.find((one) => rank(one.follower) < rank(one.leader)) ?? movable[0];
  if (found !== undefined) return found;
  throw new Error('no region has three healthy voters and a store without a peer');
}

/** Waits until the balancers have put back what an earlier test had moved away. */
async function rest(pd: PDClient): Promise<void> {
  let seen = '';
  let since = performance.now();
  await until(async () => {
    const [operators, stores] = await Promise.all([pd.getOperators(), readUpStores(pd)]);
    const now = stores.map(({ id, leaderCount }) => `${id}:${leaderCount}`).join(' ');
    if (operators.length > 0 || now !== seen) since = performance.now();
    seen = now;
    return performance.now() - since >= STILL_MS;
  }, QUIET_MS);
}

function isHealthy(region: PDRegion): boolean {
  const isQuiet = region.pendingPeers.length + region.downPeers.length === 0;
  return isQuiet && region.leader !== null && region.peers.every(({ role }) => role === 'Voter');
}

function toMovable(region: PDRegion, storeIds: readonly number[]): Movable | null {
  const held = region.peers.map(({ storeId }) => storeId);
  const leader = region.leader?.storeId;
  const follower = storeIds.find((id) => id !== leader && held.includes(id));
  const free = storeIds.find((id) => !held.includes(id));
  if (leader === undefined || follower === undefined || free === undefined) return null;
  return {
    regionId: region.id,
    leader: String(leader),
    follower: String(follower),
    free: String(free),
  };
}
