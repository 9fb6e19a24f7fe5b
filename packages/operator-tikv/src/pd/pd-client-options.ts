import type { HttpDispatcher, TlsOptions } from 'operator-core';

import type { PDCallOptions } from './connection.ts';
import type { PDStoreRegionType } from './pd-region.ts';

/** Options of `PDClient`. */
export interface PDClientOptions {
  /** `http(s)://host:port` of one or more PD members; the others are found. */
  readonly endpoints: readonly string[];
  /** For the client's own connections; with a `dispatcher` TLS is the dispatcher's. */
  readonly tls?: TlsOptions;
  /** Carries every request and is never closed. Default: an own pool, made at the first request. */
  readonly dispatcher?: HttpDispatcher;
  /** Who asks, for PD's audit log (`X-Caller-ID`). Default: `operator`. */
  readonly callerId?: string;
  /**
   * Milliseconds for one request. Default: 10,000, because a PD member that is starting or has no leader
   * holds requests for up to 4 s.
   */
  readonly timeoutMs?: number;
  /**
   * Milliseconds for which a read is tried again while PD has no leader. Default: 20,000, because 10 to 13 s
   * were seen after a crash. While nobody answers at all it is 3,000 at most.
   */
  readonly electionMs?: number;
  /** Decimal text: any other cluster is refused before anything else is asked. Default: the first that answers. */
  readonly clusterId?: string;
  /** Largest answer, bytes. Default: 64 MiB. */
  readonly maxBodyBytes?: number;
}

/** Options of `PDClient.getRegionsOfStore`. */
export interface PDStoreRegionsOptions extends PDCallOptions {
  /** Default: all. */
  readonly type?: PDStoreRegionType;
}
