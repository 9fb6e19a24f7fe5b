import { parseGoTime } from './go-values.ts';
import type { JsonReader } from './json-reader.ts';

/** Health of one PD member, as another member sees it (PD API, members). */
export interface PDMemberHealth {
  readonly name: string;
  /** Decimal text. */
  readonly memberId: string;
  readonly isHealthy: boolean;
  /** Addresses that it advertises to clients. */
  readonly clientUrls: readonly string[];
}

/** Answer of one PD server about itself (PD API, members). */
export interface PDStatus {
  /** Origin of the endpoint that was asked. */
  readonly endpoint: string;
  /** `v8.5.7`. */
  readonly version: string;
  /** The cluster that it belongs to, decimal text. */
  readonly clusterId: string;
  /** The server's clock when it answered (whole seconds), milliseconds since the epoch; `null` without a `Date` header. */
  readonly serverTimeMs: number | null;
  /** Milliseconds until the answer. */
  readonly tookMs: number;
}

/** The cluster as a whole (PD API, members). */
export interface PDCluster {
  /** Decimal text, above 2^53. */
  readonly id: string;
}

/** True when the cluster has ever had a store (PD API, members). */
export interface PDClusterStatus {
  readonly isBootstrapped: boolean;
  /** Milliseconds since the epoch; `null` when it is not bootstrapped. */
  readonly bootstrappedAtMs: number | null;
}

/** Reads the answer of `GET /health`. */
export function parseHealth(body: JsonReader): readonly PDMemberHealth[] {
  return body.list().map((member) => ({
    name: member.field('name').text(),
    memberId: member.field('member_id').bigInteger(),
    isHealthy: member.field('health').flag(),
    clientUrls: member
      .field('client_urls')
      .list()
      .map((url) => url.text()),
  }));
}

/** Reads the answer of `GET /status`: the server's values, without the client's measurements. */
export function parseStatus(body: JsonReader): Pick<PDStatus, 'version'> {
  body.field('start_timestamp').integer();
  return { version: body.field('version').text() };
}

/** Reads the answer of `GET /cluster`. */
export function parseCluster(body: JsonReader): PDCluster {
  const id = body.field('id').bigInteger();
  return id === '0' ? body.field('id').fail('the id of a cluster') : { id };
}

const ZERO_TIME = '0001-01-01T00:00:00Z';

/**
 * Reads the answer of `GET /cluster/status`; a cluster without stores reports the year 1 as its creation time.
 */
export function parseClusterStatus(body: JsonReader): PDClusterStatus {
  const bootstrapped = body.field('raft_bootstrap_time');
  if (bootstrapped.text() === ZERO_TIME) return { isBootstrapped: false, bootstrappedAtMs: null };
  const time = parseGoTime(bootstrapped.text()) ?? bootstrapped.fail('a time');
  body.field('is_initialized').flag();
  return { isBootstrapped: true, bootstrappedAtMs: time };
}
