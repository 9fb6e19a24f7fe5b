import type { OrUnknown } from 'operator-core';

/** One region that PD calls hot. */
export interface HotRegion {
  readonly regionId: number;
  /** Store that leads it; unknown where PD calls only a follower of it hot. */
  readonly leaderStoreId: OrUnknown<string>;
  /** Number of heartbeats in a row in which it was hot. */
  readonly hotDegree: number;
  /** Flow of the region, as one replica of it has it. */
  readonly bytesPerSecond: number;
  readonly keysPerSecond: number;
  readonly queriesPerSecond: number;
}

/** The load of one store in the direction that was asked for. */
export interface HotStore {
  readonly storeId: string;
  /** Bytes of the whole store, hot or not: by writes all its replicas, by reads the regions it leads. */
  readonly bytesPerSecond: number;
  /** Keys, measured like {@link bytesPerSecond}. */
  readonly keysPerSecond: number;
  /** Queries of the regions that it leads, hot or not. */
  readonly queriesPerSecond: OrUnknown<number>;
  /** Hot regions that it leads. */
  readonly hotRegionCount: OrUnknown<number>;
}

/** The regions that PD calls hot, and the load of the stores. */
export interface HotRegions {
  /** Most bytes first. */
  readonly regions: readonly HotRegion[];
  /** Most bytes first. */
  readonly stores: readonly HotStore[];
  /**
   * `true`, or unknown with the reason: a PD leader that has just started calls nothing hot. It takes three
   * heartbeats of a region, minutes, to call it hot, and does not report how long it has led.
   */
  readonly complete: OrUnknown<true>;
}
