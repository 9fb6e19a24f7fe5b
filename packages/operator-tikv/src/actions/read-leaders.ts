import type { PDClient } from '../pd/pd-client.ts';
import type { PDStore } from '../pd/index.ts';
import { refuseWith } from './refusals.ts';

/**
 * A PD leader that has just started counts as leaders only those that have reported since. Below this
 * share of the regions its counts say nothing; PD itself waits for 90 % before it schedules
 * (PD API, traps).
 */
const BELIEVABLE_SHARE = 0.9;

/** How many leaders PD knows of, and how many there must be. */
export interface LeaderCensus {
  readonly leaders: number;
  readonly regions: number;
}

/** Counts leaders over all stores. */
export function takeCensus(stores: readonly PDStore[], regions: number): LeaderCensus {
  return { regions, leaders: stores.reduce((sum, store) => sum + store.leaderCount, 0) };
}

/** Refuses while PD's leader counts cannot be believed. */
export function requireCensus({ leaders, regions }: LeaderCensus): void {
  if (regions > 0 && leaders >= regions * BELIEVABLE_SHARE) return;
  refuseWith(
    'CLUSTER_NOT_READY',
    `PD knows the leaders of ${leaders} of ${regions} regions only: its leader counts cannot be believed yet.`,
    { leadersKnown: leaders, regions },
  );
}

/**
 * How many regions with a peer on the store have no leader that PD knows of: each may yet turn out to
 * be led by the store. Costs the regions of the store, and only where leaders are missing at all.
 */
export async function countUnknownLeaders(
  census: LeaderCensus,
  storeId: number,
  read: { readonly pd: PDClient; readonly signal: AbortSignal },
): Promise<number> {
  if (census.leaders >= census.regions) return 0;
  const regions = await read.pd.getRegionsOfStore(storeId, { signal: read.signal });
  return regions.filter(({ leader }) => leader === null).length;
}
