import { isUnknown, unknownBecause } from 'operator-core';
import type { CallOptions, OrUnknown } from 'operator-core';
import type { HotRegion, HotRegions, HotStore } from '../model/hot-regions.ts';
import type { PDClient, PDHotRegion, PDHotStoreRegions } from '../pd/index.ts';
import { orUnknown } from './or-unknown.ts';
import { readStoreTable } from './store-table.ts';
import type { StoreTable } from './store-table.ts';

/** What PD holds for hot in one direction. */
export async function readHotRegions(
  pd: PDClient,
  direction: 'read' | 'write',
  options: CallOptions,
): Promise<HotRegions> {
  const [{ asLeader }, table] = await Promise.all([
    pd.getHotRegions(direction, options),
    orUnknown(readStoreTable(pd, options), options),
  ]);
  return {
    regions: asLeader.flatMap(({ regions }) => regions.map(toHotRegion)).toSorted(byBytes),
    stores: asLeader.map(toHotStore).toSorted(byBytes),
    complete: toComplete(table),
  };
}

function toHotRegion(region: PDHotRegion): HotRegion {
  const { regionId, hotDegree, bytesPerSecond, keysPerSecond, queriesPerSecond } = region;
  return {
    regionId,
    leaderStoreId: String(region.storeId),
    hotDegree,
    bytesPerSecond,
    keysPerSecond,
    queriesPerSecond,
  };
}

function toHotStore(store: PDHotStoreRegions): HotStore {
  return {
    storeId: String(store.storeId),
    bytesPerSecond: store.storeBytesPerSecond,
    keysPerSecond: store.storeKeysPerSecond,
    queriesPerSecond: store.storeQueriesPerSecond,
    hotRegionCount: store.regions.length,
  };
}

function byBytes(one: { bytesPerSecond: number }, other: { bytesPerSecond: number }): number {
  return other.bytesPerSecond - one.bytesPerSecond;
}

function toComplete(table: OrUnknown<StoreTable>): OrUnknown<true> {
  if (isUnknown(table)) return table;
  return table.unheard === null ? true : unknownBecause(table.unheard);
}
