import { parseGoTime } from './go-values.ts';
import type { JsonReader } from './json-reader.ts';

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
  /** The cluster that it belongs to, decimal text; `null` when it does not tell. */
  readonly clusterId: string | null;
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

/** Reads the answer of `GET /health`. */
export function parseHealth(body: JsonReader): readonly PDMemberHealth[] {
  return body.list().map((member) => ({
    name: member.field('name').text(''),
    memberId: member.field('member_id').bigInteger(),
    clientUrls: member
      .field('client_urls')
      .items()
      .map((url) => url.text()),
    isHealthy: member.field('health').flag(false),
  }));
}

/** Reads the answer of `GET /status`: what the server says, without what the client measured. */
export function parseStatus(
  body: JsonReader,
): Pick<PDStatus, 'version' | 'gitHash' | 'startedAtMs'> {
  const started = body.field('start_timestamp').integer(0);
  return {
    version: body.field('version').text(),
    gitHash: body.field('git_hash').text(''),
    startedAtMs: started > 0 ? started * 1000 : null,
  };
}

/** Reads the answer of `GET /cluster`. */
export function parseCluster(body: JsonReader): PDCluster {
  return {
    id: body.field('id').bigInteger(),
    maxPeerCount: body.field('max_peer_count').count(0),
  };
}

/** Reads the answer of `GET /cluster/status`; a cluster without stores says it was made in the year 1. */
export function parseClusterStatus(body: JsonReader): PDClusterStatus {
  const time = parseGoTime(body.field('raft_bootstrap_time').text());
  return {
    isBootstrapped: time !== null,
    bootstrappedAtMs: time,
    isInitialized: body.field('is_initialized').flag(false),
  };
}
