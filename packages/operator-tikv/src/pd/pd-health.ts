/** Whether one PD member answers the others (PD API, members). */
export interface PDMemberHealth {
  readonly name: string;
  /** Decimal text. */
  readonly memberId: string;
  readonly clientUrls: readonly string[];
  readonly isHealthy: boolean;
}

/** What one PD server says about itself (PD API, members). */
export interface PDStatus {
  /** Origin of the endpoint that was asked. */
  readonly endpoint: string;
  /** `v8.5.7`. */
  readonly version: string;
  readonly gitHash: string;
  /** Milliseconds since the epoch; `null` when it does not tell. */
  readonly startedAtMs: number | null;
  /** The server's clock when it answered (whole seconds), milliseconds since the epoch; `null` without a `Date` header. */
  readonly serverTimeMs: number | null;
  /** How long the answer took, milliseconds. */
  readonly tookMs: number;
}

/** The cluster as a whole (PD API, members). */
export interface PDCluster {
  /** Decimal text, above 2^53. */
  readonly id: string;
  readonly maxPeerCount: number;
}

/** Whether the cluster has ever had a store (PD API, members). */
export interface PDClusterStatus {
  readonly isBootstrapped: boolean;
  /** Milliseconds since the epoch; `null` when it is not bootstrapped. */
  readonly bootstrappedAtMs: number | null;
  /** Whether it has more than its first region. */
  readonly isInitialized: boolean;
}

/** Stores whose leaders PD is told to move away (PD API, schedulers). It stays until it is removed. */
export interface PDEvictLeaders {
  /** Ascending. */
  readonly storeIds: readonly number[];
}
