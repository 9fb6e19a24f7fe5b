import type { OrUnknown } from 'operator-core';
import type { StoreBasics } from './store.ts';

/** One store in numbers. Rates are averages: PD's over its heartbeats, Prometheus' over the last minutes. */
export interface StoreMetrics extends StoreBasics {
  /** Bytes written, from PD. */
  readonly writeBytesPerSecond: OrUnknown<number>;
  /** Bytes read, from PD. */
  readonly readBytesPerSecond: OrUnknown<number>;
  /** Answered gRPC requests, from Prometheus. */
  readonly requestsPerSecond: OrUnknown<number>;
  /** Time within which 99 % of gRPC requests were answered, from Prometheus. */
  readonly latencyP99Ms: OrUnknown<number>;
  /** CPU seconds a second, from Prometheus; 4 is four cores in full use. */
  readonly cpuCores: OrUnknown<number>;
}

/** The whole cluster in numbers. A sum with an unknown part is unknown, and names the store of that part. */
export interface ClusterMetrics {
  readonly clusterId: string;
  readonly version: OrUnknown<string>;
  /** TiKV stores that are not tombstones. */
  readonly storeCount: number;
  /** TiKV stores that are Up. */
  readonly upStoreCount: OrUnknown<number>;
  readonly tiflashStoreCount: number;
  /** TiKV stores by PD's word: `{ "Up": 4, "Down": 1 }`; those of unknown state under `unknown`. */
  readonly storesByState: Readonly<Record<string, number>>;
  readonly drainedStoreCount: OrUnknown<number>;
  readonly regionCount: OrUnknown<number>;
  readonly leaderCount: OrUnknown<number>;
  readonly capacityBytes: OrUnknown<number>;
  readonly availableBytes: OrUnknown<number>;
  readonly usedBytes: OrUnknown<number>;
  readonly writeBytesPerSecond: OrUnknown<number>;
  readonly readBytesPerSecond: OrUnknown<number>;
  readonly requestsPerSecond: OrUnknown<number>;
  /** The worst store's. */
  readonly latencyP99Ms: OrUnknown<number>;
  readonly cpuCores: OrUnknown<number>;
}
