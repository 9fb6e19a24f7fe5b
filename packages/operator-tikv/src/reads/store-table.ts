import { isUnknown } from 'operator-core';
import type { CallOptions, OrUnknown } from 'operator-core';
import type { PDClient, PDStore } from '../pd/index.ts';
import { orUnknown } from './or-unknown.ts';
import { readStoreList } from './store-list.ts';

/** PD's stores, and whether its counts of leaders mean anything. */
export interface StoreTable {
  readonly stores: readonly PDStore[];
  readonly regionCount: OrUnknown<number>;
  /** Reason for which the PD leader does not know the leaders of the regions; `null`: it knows them. */
  readonly unheard: string | null;
}

/** PD itself calls its view complete from here on (PD API, schedulers). */
const HEARD_SHARE = 0.9;

/** Reads the stores. The cost grows with stores and never with regions. */
export async function readStoreTable(pd: PDClient, options: CallOptions): Promise<StoreTable> {
  const [stores, regionCount] = await Promise.all([
    readStoreList(pd, options),
    orUnknown(pd.getRegionCount(options), options),
  ]);
  return { stores, regionCount, unheard: whyUnheard(stores, regionCount) };
}

/**
 * A PD leader that has just started shows every `leader_count` as 0 until the regions have reported, for up to
 * a minute (PD API, traps). Then a 0 proves nothing.
 */
function whyUnheard(stores: readonly PDStore[], regionCount: OrUnknown<number>): string | null {
  const leaders = sum(stores.map((store) => store.leaderCount));
  if (regionCount === 0)
    return 'the PD leader knows of no region yet: it has probably just started';
  if (!isUnknown(regionCount)) {
    if (leaders >= HEARD_SHARE * regionCount) return null;
    return `the PD leader knows the leaders of ${leaders} of ${regionCount} regions: it has probably just started`;
  }
  const peers = sum(stores.map((store) => store.regionCount));
  return leaders > 0 || peers === 0 ? null : 'the PD leader knows the leader of no region yet';
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
