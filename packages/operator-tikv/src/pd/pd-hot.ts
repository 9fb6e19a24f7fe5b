/** A hot peer of a region (PD API, hotspots). Flows are per second. */
export interface PDHotRegion {
  readonly regionId: number;
  readonly storeId: number;
  readonly isLeader: boolean;
  readonly isLearner: boolean;
  /** How many intervals in a row it has been hot. */
  readonly hotDegree: number;
  readonly bytesPerSecond: number;
  readonly keysPerSecond: number;
  readonly queriesPerSecond: number;
  /** Milliseconds since the epoch; `null` when it cannot be read. */
  readonly lastUpdateMs: number | null;
}

/** The hot regions of one store. Flows are per second. */
export interface PDHotStoreRegions {
  readonly storeId: number;
  /** Of the whole store, hot or not. */
  readonly storeBytesPerSecond: number;
  readonly storeKeysPerSecond: number;
  readonly storeQueriesPerSecond: number;
  readonly regions: readonly PDHotRegion[];
}

/** Hot regions by store: those it leads, and those of which it has any peer. */
export interface PDHotRegions {
  readonly asLeader: readonly PDHotStoreRegions[];
  readonly asPeer: readonly PDHotStoreRegions[];
}

/** The flow of one store (PD API, hotspots). `null` where PD gives none. */
export interface PDHotStore {
  readonly storeId: number;
  readonly writeBytesPerSecond: number | null;
  readonly readBytesPerSecond: number | null;
  readonly writeKeysPerSecond: number | null;
  readonly readKeysPerSecond: number | null;
  readonly writeQueriesPerSecond: number | null;
  readonly readQueriesPerSecond: number | null;
}
