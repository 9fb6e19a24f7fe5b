import type { OrUnknown } from 'operator-core';

/** One region that PD holds for hot, at one of its peers. */
export interface HotRegion {
  readonly regionId: number;
  readonly storeId: string;
  readonly isLeader: boolean;
  /** For how many heartbeats in a row. */
  readonly degree: number;
  readonly bytesPerSecond: number;
  readonly keysPerSecond: number;
  readonly queriesPerSecond: number;
}

/** The load of one store in the direction that was asked for. */
export interface HotStore {
  readonly storeId: string;
  readonly bytesPerSecond: OrUnknown<number>;
  readonly keysPerSecond: OrUnknown<number>;
  readonly queriesPerSecond: OrUnknown<number>;
  readonly hotRegionCount: number;
}

/** What is hot, hottest first. */
export interface HotRegions {
  readonly regions: readonly HotRegion[];
  readonly stores: readonly HotStore[];
}
