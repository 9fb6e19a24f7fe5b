import type { PDClient } from '../../pd/pd-client.ts';
import type { PDStore } from '../../pd/index.ts';
import { countLeaderless } from '../../reads/region-pages.ts';
import { refuseWith } from '../checks/refusals.ts';

/**
 * A PD leader that has just started counts only leaders that have reported since. Below this share of the
 * regions its counts prove nothing; PD itself waits for 90 % before it schedules (PD API, traps).
 */
const BELIEVABLE_SHARE = 0.9;

/** Number of leaders that PD knows, and the number that must exist. */
export interface LeaderCensus {
  readonly leaders: number;
  readonly regions: number;
}

/** Counts leaders over all stores. */
export function takeCensus(stores: readonly PDStore[], regions: number): LeaderCensus {
  return { regions, leaders: stores.reduce((sum, store) => sum + store.leaderCount, 0) };
}

/** Refuses while PD's leader counts are not reliable. */
export function requireCensus({ leaders, regions }: LeaderCensus): void {
  if (regions > 0 && leaders >= regions * BELIEVABLE_SHARE) return;
  refuseWith(
    'CLUSTER_NOT_READY',
    `PD knows the leaders of ${leaders} of ${regions} regions only: its leader counts are not reliable yet.`,
    { leadersKnown: leaders, regions },
  );
}

/**
 * Counts the regions with a peer on the store and no leader known to PD: each may yet turn out to
 * be led by the store. Reads regions only where leaders are missing, and stops when all of those are found.
 */
export async function countUnknownLeaders(
  census: LeaderCensus,
  store: PDStore,
  read: { readonly pd: PDClient; readonly signal: AbortSignal },
): Promise<number> {
  const most = census.regions - census.leaders;
  if (most <= 0) return 0;
  return countLeaderless(read.pd, { store, most }, { signal: read.signal });
}
