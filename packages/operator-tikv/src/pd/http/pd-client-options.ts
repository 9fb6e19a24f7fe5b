import type { HttpDispatcher, TlsOptions } from 'operator-core';

import type { PDCallOptions } from './connection.ts';
import type { PDStoreRegionType } from '../wire/pd-region.ts';

/** Options of `PDClient`. */
export interface PDClientOptions {
  /** `http(s)://host:port` of one or more PD members. */
  readonly endpoints: readonly string[];
  /** TLS of the client's own connections; with a `dispatcher` TLS is the dispatcher's. */
  readonly tls?: TlsOptions;
  /** Carries every request and is never closed. Default: an own pool, made at the first request. */
  readonly dispatcher?: HttpDispatcher;
  /** Caller, for PD's audit log (`X-Caller-ID`). Default: `operator`. */
  readonly callerId?: string;
  /**
   * Milliseconds for one request. Default: 10,000, because a PD member that is starting or has no leader
   * holds requests for up to 4 s.
   */
  readonly timeoutMs?: number;
  /**
   * Milliseconds for which a read is tried again while PD has no leader. Default: 20,000, because 10 to 13 s
   * were seen after a crash. While no endpoint answers it is 3,000 at most.
   */
  readonly electionMs?: number;
  /**
   * Decimal text. An endpoint of another cluster is not used. Default: the cluster of the endpoints, which must all
   * belong to the same one (`PD_CLUSTER_MISMATCH`).
   */
  readonly clusterId?: string;
  /** True to find and ask members that are not configured. Default: true. */
  readonly discover?: boolean;
  /** Map from an endpoint as members advertise it to the one at which it can be reached. Default: none differs. */
  readonly addressMap?: Readonly<Record<string, string>>;
  /**
   * Memory of an earlier client. Its endpoints are asked after the others, when they prove that they belong to the
   * cluster; without `clusterId` the cluster must still be the same. Default: nothing.
   */
  readonly remembered?: PDMemory;
  /** Called when the members are read and differ from the remembered ones. */
  readonly onRemember?: (memory: PDMemory) => void;
  /** Called about once a second while a read waits for a leader: how long it has waited, milliseconds. */
  readonly onWaiting?: (waitedMs: number) => void;
  /** Largest answer, bytes. Default: 64 MiB. */
  readonly maxBodyBytes?: number;
}

/** Knowledge that a later process may start from. It is evidence: each endpoint is asked before it is used. */
export interface PDMemory {
  /** Decimal text. */
  readonly clusterId: string;
  /** Origins at which the members can be reached. */
  readonly endpoints: readonly string[];
}

/** Options of `PDClient.getRegionsOfStore`. */
export interface PDStoreRegionsOptions extends PDCallOptions {
  /** Default: all. */
  readonly type?: PDStoreRegionType;
}
