import type { CallOptions, SystemIdentity } from 'operator-core';
import type { ConfigItem, Member, RunningOperators, Schedulers } from '../model/cluster.ts';
import type { HotRegions } from '../model/hot-regions.ts';
import type { ClusterMetrics, StoreMetrics } from '../model/metrics.ts';
import type { RegionPage, RegionQuery, RegionSelector, TiKVRegion } from '../model/region.ts';
import type { TiKVStore } from '../model/store.ts';
import type { PDClient } from '../pd/index.ts';

/** Everything that plans, verifications and observations may ask of a TiKV cluster. Nothing here changes it. */
export interface TiKVReads {
  /** PD itself, for reads that nothing below answers. */
  readonly pd: PDClient;
  /** The cluster's id and version. Rejects with `PD_CLUSTER_MISMATCH` when it is not the configured one. */
  identify(options?: CallOptions): Promise<SystemIdentity>;
  /** All stores but tombstones, by id. */
  getStores(options?: CallOptions): Promise<readonly TiKVStore[]>;
  /** One store, tombstones too. Rejects with `TIKV_STORE_NOT_FOUND`. */
  getStore(storeId: string, options?: CallOptions): Promise<TiKVStore>;
  /** One region. Rejects with `TIKV_REGION_NOT_FOUND`. */
  getRegion(selector: RegionSelector, options?: CallOptions): Promise<TiKVRegion>;
  /** One page of regions in key order; reads a bounded number of them however many there are. */
  getRegions(query?: RegionQuery, options?: CallOptions): Promise<RegionPage>;
  /** Regions that PD calls hot by writes. */
  getHotWriteRegions(options?: CallOptions): Promise<HotRegions>;
  /** Regions that PD calls hot by reads. */
  getHotReadRegions(options?: CallOptions): Promise<HotRegions>;
  /** Each store in numbers: PD's, and Prometheus' if it is configured. */
  getStoreMetrics(options?: CallOptions): Promise<readonly StoreMetrics[]>;
  /** The cluster in numbers. Its cost grows with stores and never with regions. */
  getClusterMetrics(options?: CallOptions): Promise<ClusterMetrics>;
  /** Operators that PD runs or holds back now, by region. */
  getOperators(options?: CallOptions): Promise<RunningOperators>;
  /** PD's schedulers, which of them are paused, and where leaders are evicted. */
  getSchedulers(options?: CallOptions): Promise<Schedulers>;
  /** PD's members. */
  getMembers(options?: CallOptions): Promise<readonly Member[]>;
  /** PD's settings for scheduling and replication. */
  getConfig(options?: CallOptions): Promise<readonly ConfigItem[]>;
}
