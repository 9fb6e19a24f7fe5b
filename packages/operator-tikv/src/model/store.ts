import type { OrUnknown } from 'operator-core';

/** What runs on a store. TiFlash never leads a region and does not count as a TiKV store. */
export type StoreEngine = 'tikv' | 'tiflash';

/** A label of a store, as it is configured there. */
export interface StoreLabel {
  readonly key: string;
  readonly value: string;
}

/** One store as PD knows it. */
export interface TiKVStore {
  readonly storeId: string;
  /** Where its gRPC listens. */
  readonly address: string;
  /** Where its metrics are served: how Prometheus knows it. Unknown while the store has not said it. */
  readonly statusAddress: OrUnknown<string>;
  readonly engine: StoreEngine;
  /** PD's word: `Up`, `Offline`, `Tombstone`, `Disconnected` (silent for 20 s) or `Down`. */
  readonly state: string;
  /** Whether leaders are being evicted from it by the evict-leader scheduler. */
  readonly drained: OrUnknown<boolean>;
  /** Regions led. Unknown while the PD leader has not heard from the regions again. */
  readonly leaderCount: OrUnknown<number>;
  /** Regions with a peer here. */
  readonly regionCount: OrUnknown<number>;
  readonly capacityBytes: OrUnknown<number>;
  readonly availableBytes: OrUnknown<number>;
  readonly usedBytes: OrUnknown<number>;
  /** When PD last heard from it, RFC 3339. */
  readonly lastHeartbeat: OrUnknown<string>;
  /** How long ago that was, by the clock of this machine. */
  readonly heartbeatAgeMs: OrUnknown<number>;
  readonly version: OrUnknown<string>;
  /** Whether it refuses work because it has too much of it. */
  readonly busy: boolean;
  readonly labels: readonly StoreLabel[];
}
