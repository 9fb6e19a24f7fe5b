import { isUnknown, unknownBecause } from 'operator-core';
import type { CallOptions, OrUnknown } from 'operator-core';
import type { HotRegion, HotRegions, HotStore } from '../model/hot-regions.ts';
import type { PDClient, PDHotRegion, PDHotRegions, PDHotStoreRegions } from '../pd/index.ts';
import { isComplete, readEvictions } from './evictions.ts';
import type { Evictions } from './evictions.ts';
import { findUnheard } from './liveness.ts';
import { orUnknown } from './or-unknown.ts';
import { readStoreTable } from './store-table.ts';
import type { StoreTable } from './store-table.ts';

type Direction = 'read' | 'write';

/** The regions that PD calls hot in one direction, and the load of the stores. */
export async function readHotRegions(
  pd: PDClient,
  direction: Direction,
  options: CallOptions,
): Promise<HotRegions> {
  const [hot, table, evictions] = await Promise.all([
    pd.getHotRegions(direction, options),
    orUnknown(readStoreTable(pd, options), options),
    readEvictions(pd, options),
  ]);
  if (hot === null) {
    const complete = unknownBecause('the PD leader has not loaded the cluster yet');
    return { regions: [], stores: [], complete };
  }
  return {
    regions: toHotRegions(hot).toSorted(byBytes),
    stores: toHotStores(hot, direction).toSorted(byBytes),
    complete: toComplete(table, evictions),
  };
}

/** Each hot region once: by its leader, or by a follower where PD calls only that hot. */
function toHotRegions({ asLeader, asPeer }: PDHotRegions): HotRegion[] {
  const found = new Map<number, HotRegion>();
  for (const region of [...asLeader, ...asPeer].flatMap(({ regions }) => regions)) {
    if (!found.has(region.regionId)) found.set(region.regionId, toHotRegion(region));
  }
  return [...found.values()];
}

function toHotRegion(region: PDHotRegion): HotRegion {
  const { regionId, hotDegree, bytesPerSecond, keysPerSecond, queriesPerSecond } = region;
  return {
    regionId,
    leaderStoreId: region.isLeader
      ? String(region.storeId)
      : unknownBecause(`only the follower on store ${region.storeId} is hot`),
    hotDegree,
    bytesPerSecond,
    keysPerSecond,
    queriesPerSecond,
  };
}

/**
 * The load of each store. Every replica of a region is written to, so bytes and keys by writes are those as
 * peer: as leader PD gives the sum of the hot regions instead. Queries are counted as leader only
 * (`statistics/collector.go`, the same in 6.5, 8.5 and 26.3).
 */
function toHotStores({ asLeader, asPeer }: PDHotRegions, direction: Direction): HotStore[] {
  const leaders = new Map(asLeader.map((store) => [store.storeId, store]));
  const stores = direction === 'write' ? asPeer : asLeader;
  return stores.map((store) => toHotStore(store, leaders.get(store.storeId)));
}

function toHotStore(load: PDHotStoreRegions, led: PDHotStoreRegions | undefined): HotStore {
  const unled = unknownBecause('PD did not list the regions that the store leads');
  return {
    storeId: String(load.storeId),
    bytesPerSecond: load.storeBytesPerSecond,
    keysPerSecond: load.storeKeysPerSecond,
    queriesPerSecond: led?.storeQueriesPerSecond ?? unled,
    hotRegionCount: led?.regions.length ?? unled,
  };
}

function byBytes(one: { bytesPerSecond: number }, other: { bytesPerSecond: number }): number {
  return other.bytesPerSecond - one.bytesPerSecond;
}

function toComplete(table: OrUnknown<StoreTable>, evictions: Evictions): OrUnknown<true> {
  if (isUnknown(table)) return table;
  if (table.unheard !== null) return unknownBecause(table.unheard);
  const silent = findUnheard(table.stores).map(({ id }) => id);
  if (silent.length === 0) return isComplete(evictions);
  return unknownBecause(
    `the PD leader has not heard from stores ${silent.join(', ')} since it took over`,
  );
}
