import type { OrUnknown } from 'operator-core';

/** What runs on a store. TiFlash never leads a region and does not count as a TiKV store. */
export type StoreEngine = 'tikv' | 'tiflash';

/** What identifies a store, and how much it holds, as PD knows it. */
export interface StoreBasics {
  readonly storeId: string;
  /** Where its gRPC listens. */
  readonly address: string;
  /** Where its metrics are served: how Prometheus knows it. */
  readonly statusAddress: OrUnknown<string>;
  readonly engine: StoreEngine;
  /** PD's word: `Up`, `Offline`, `Tombstone`, `Disconnected` (silent for 20 s) or `Down`. */
  readonly state: string;
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
  /** Whether the evict-leader scheduler takes the leaders from it. */
  readonly drained: OrUnknown<boolean>;
  /** When PD last heard from it, RFC 3339. */
  readonly lastHeartbeat: OrUnknown<string>;
  /** How long ago that was, by the clock of this machine. */
  readonly heartbeatAgeMs: OrUnknown<number>;
  readonly version: OrUnknown<string>;
  /** Whether it refuses work because it has too much of it. */
  readonly busy: boolean;
  readonly labels: Readonly<Record<string, string>>;
}
