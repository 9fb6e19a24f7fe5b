import type { OrUnknown } from 'operator-core';

/** One replica of a region. */
export interface RegionPeer {
  readonly peerId: number;
  readonly storeId: string;
  /** PD's word: `Voter`, `Learner`, and in the middle of a change `IncomingVoter`, `DemotingVoter`. */
  readonly role: string;
  /** True for a witness: it votes, holds no data and is no target for the leadership. */
  readonly witness: boolean;
  /** `down`: its leader has not heard from it; `pending`: it lags. Unknown while no leader reports the region. */
  readonly health: OrUnknown<'healthy' | 'pending' | 'down'>;
}

/** One region as PD knows it. Keys are upper-case hex; an empty key is the end of the key space. */
export interface TiKVRegion {
  readonly regionId: number;
  readonly startKey: string;
  readonly endKey: string;
  readonly epoch: { readonly version: number; readonly confVer: number };
  /** Unknown while no leader has reported the region to the PD leader. */
  readonly leaderStoreId: OrUnknown<string>;
  /** The stores of its peers, in PD's order. */
  readonly storeIds: readonly string[];
  /** The stores of its learners: they follow, and neither vote nor lead. */
  readonly learnerStoreIds: readonly string[];
  /** The stores of its witnesses: they vote and hold no data. */
  readonly witnessStoreIds: readonly string[];
  /** The stores of its peers that are down or pending. */
  readonly unhealthyStoreIds: OrUnknown<readonly string[]>;
  readonly peers: readonly RegionPeer[];
  /** Approximate, in steps of 1 MiB. */
  readonly sizeBytes: OrUnknown<number>;
  /** Approximate. */
  readonly keyCount: OrUnknown<number>;
  /** Bytes written in the last heartbeat interval of the region: 60 s unless `pd-heartbeat-tick-interval` of TiKV is set otherwise. */
  readonly writtenBytes: OrUnknown<number>;
  /** Bytes read, measured like {@link writtenBytes}. */
  readonly readBytes: OrUnknown<number>;
}

/** Choice of a region: by its id, or the one that contains a key in hex. */
export type RegionSelector = { readonly regionId: number } | { readonly key: string };

/** Choice of regions, and their greatest number. */
export interface RegionQuery {
  /** Store on which each of the regions has a peer. */
  readonly storeId?: string;
  /** Hex; the first region is the one that contains it. Default: the start of the key space. */
  readonly startKey?: string;
  /** Hex; only regions that start before it. Default: the end of the key space. */
  readonly endKey?: string;
  /** 1 to 1,024. Default: 128. */
  readonly limit?: number;
}

/** One page of regions, in key order. */
export interface RegionPage {
  readonly regions: readonly TiKVRegion[];
  /** Number of regions that were read to find these. */
  readonly scanned: number;
  /** True when there may be more. */
  readonly truncated: boolean;
  /** Next `startKey` when it is truncated, else `null`. */
  readonly nextKey: string | null;
}
