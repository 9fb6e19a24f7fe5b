import type { OrUnknown } from 'operator-core';

/** The engine of a store. TiFlash, its compute nodes too, never leads a region and is no TiKV store. */
export type StoreEngine = 'tikv' | 'tiflash';

/** Identity and content of a store, as PD knows it. */
export interface StoreBasics {
  readonly storeId: string;
  /** Address of its gRPC server. */
  readonly address: string;
  /** Address of its metrics, by which Prometheus knows it. */
  readonly statusAddress: OrUnknown<string>;
  readonly engine: StoreEngine;
  /**
   * PD's word: `Up`, `Offline`, `Tombstone`, `Disconnected` (silent for 20 s) or `Down`. Unknown while the
   * PD leader has not heard from the store since it took over.
   */
  readonly state: OrUnknown<string>;
  /** Regions led. Unknown while the PD leader has not heard from the regions again. */
  readonly leaderCount: OrUnknown<number>;
  /** Regions with a peer here. */
  readonly regionCount: OrUnknown<number>;
  /** PD gives sizes with four digits. */
  readonly capacityBytes: OrUnknown<number>;
  readonly availableBytes: OrUnknown<number>;
  readonly usedBytes: OrUnknown<number>;
}

/** One store as PD knows it. */
export interface TiKVStore extends StoreBasics {
  /** True when the evict-leader scheduler takes the leaders from it. */
  readonly drained: OrUnknown<boolean>;
  /** Time at which the PD leader last heard from it, by PD's clock, RFC 3339. */
  readonly lastHeartbeat: OrUnknown<string>;
  /** Time since then, by the clock of this machine. Unknown when the heartbeat is in its future. */
  readonly heartbeatAgeMs: OrUnknown<number>;
  readonly version: OrUnknown<string>;
  /** True when it refuses work because it has too much of it. Unknown until the PD leader has heard from it. */
  readonly busy: OrUnknown<boolean>;
  readonly labels: Readonly<Record<string, string>>;
}
