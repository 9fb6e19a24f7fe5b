/** The states that PD gives a store (PD API, stores). `Down` and `Disconnected` are Up stores that are silent. */
export const PD_STORE_STATES = ['Up', 'Disconnected', 'Down', 'Offline', 'Tombstone'] as const;

/** See {@link PD_STORE_STATES}. */
export type PDStoreState = (typeof PD_STORE_STATES)[number];

/** How far a store is in its life (PD API, stores). */
export const PD_NODE_STATES = ['Preparing', 'Serving', 'Removing', 'Removed'] as const;

/** See {@link PD_NODE_STATES}. */
export type PDNodeState = (typeof PD_NODE_STATES)[number];

/**
 * A TiKV or TiFlash store as PD sees it (PD API, stores). A PD leader that has just started shows every
 * `leaderCount` as 0 until the regions have reported, which takes up to a minute.
 */
export interface PDStore {
  readonly id: number;
  /** gRPC address, `host:port`. */
  readonly address: string;
  /** Where metrics are scraped, `host:port`; empty when the store did not tell. */
  readonly statusAddress: string;
  /** TiKV's version without `v`; empty when the store did not tell. */
  readonly version: string;
  /** `Disconnected` after 20 s of silence, `Down` after `max-store-down-time` (30 min). */
  readonly state: PDStoreState;
  readonly nodeState: PDNodeState;
  readonly labels: Readonly<Record<string, string>>;
  /** Label `engine` is `tiflash`: never a leader target, not a TiKV store. */
  readonly isTiFlash: boolean;
  /** Milliseconds since the epoch; `null` when the store did not tell. */
  readonly startedAtMs: number | null;
  /** Milliseconds since the epoch; `null` when it has never sent a heartbeat. */
  readonly lastHeartbeatMs: number | null;
  /** The same in nanoseconds, exact, as decimal text. */
  readonly lastHeartbeatNs: string | null;
  readonly physicallyDestroyed: boolean;
  /** Bytes, of a text with four significant digits: up to 0.05 % off. `null` when the text cannot be read. */
  readonly capacityBytes: number | null;
  /** As {@link capacityBytes}. */
  readonly availableBytes: number | null;
  /** As {@link capacityBytes}. */
  readonly usedBytes: number | null;
  readonly leaderCount: number;
  readonly leaderWeight: number;
  readonly leaderScore: number;
  readonly leaderSizeMiB: number;
  /** Peers of regions on the store, leaders included. */
  readonly regionCount: number;
  readonly regionWeight: number;
  readonly regionScore: number;
  readonly regionSizeMiB: number;
  readonly learnerCount: number;
  readonly witnessCount: number;
  /** `null`: none, or a PD before 8.5 that does not tell. */
  readonly pendingPeerCount: number | null;
  /** 1 (quick) to 100; `null` when the store does not report one. */
  readonly slowScore: number | null;
  readonly sendingSnapshotCount: number;
  readonly receivingSnapshotCount: number;
  readonly isBusy: boolean;
  /** Milliseconds between the start and the last heartbeat; `null` when unknown. */
  readonly uptimeMs: number | null;
}
