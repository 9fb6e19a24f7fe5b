import type { OrUnknown } from 'operator-core';

/** One region that PD holds for hot. */
export interface HotRegion {
  readonly regionId: number;
  /** The store that leads it. */
  readonly leaderStoreId: string;
  /** For how many heartbeats in a row. */
  readonly hotDegree: number;
  readonly bytesPerSecond: number;
  readonly keysPerSecond: number;
  readonly queriesPerSecond: number;
}

/** The load of one store in the direction that was asked for. */
export interface HotStore {
  readonly storeId: string;
  /** Of the whole store, hot or not. */
  readonly bytesPerSecond: number;
  readonly keysPerSecond: number;
  readonly queriesPerSecond: number;
  /** Hot regions that it leads. */
  readonly hotRegionCount: number;
}

/** What is hot. */
export interface HotRegions {
  /** Most bytes first. */
  readonly regions: readonly HotRegion[];
  /** Most bytes first. */
  readonly stores: readonly HotStore[];
  /** `true`, or unknown with the reason: a PD leader that has just started holds nothing for hot. */
  readonly complete: OrUnknown<true>;
}
