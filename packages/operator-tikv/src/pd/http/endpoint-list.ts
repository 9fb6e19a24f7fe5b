import { parseEndpoint } from './endpoint-url.ts';
import type { PDError } from '../wire/pd-error.ts';
import type { PDMember, PDMembers } from '../wire/pd-members.ts';

/** Milliseconds in which an endpoint that failed is asked after the others. */
const DISTRUST_MS = 30_000;

/** Most endpoints that are taken over from what members advertise: a cluster has three to seven members. */
const MOST_ADVERTISED = 32;

/** Source of an endpoint. */
type EndpointSource = 'configured' | 'advertised' | 'remembered';

/** One PD server that can be asked. */
export interface Endpoint {
  readonly origin: string;
  readonly source: EndpointSource;
  /**
   * The cluster to which it reported to belong; `null` when it was not asked, or not since it last failed.
   */
  clusterId: string | null;
  /** Time of that report, by `performance.now()`. */
  toldAt: number;
  /** Reason that it is not used, with its time (`performance.now()`); `null` when it may be used. */
  rejection: { readonly error: PDError; readonly at: number } | null;
  /** Time of its last failure, `performance.now()`; `null` when it did not fail. */
  failedAt: number | null;
}

/** Options of {@link EndpointList}. */
export interface EndpointListOptions {
  readonly configured: readonly string[];
  /** Known from an earlier process; asked after the others. */
  readonly remembered: readonly string[];
  /** True when endpoints that members advertise, or that are remembered, may be asked. */
  readonly discover: boolean;
  /** Map from an advertised endpoint to the one at which it can be reached. */
  readonly addressMap: Readonly<Record<string, string>>;
}

/** The configured endpoints and those found, in the order in which to ask them. */
export class EndpointList {
  #endpoints: Endpoint[];
  readonly #discover: boolean;
  readonly #addressMap: ReadonlyMap<string, string>;
  #leader: string | null = null;
  #advertised: readonly string[] = [];

  /** Throws `PD_ENDPOINT_INVALID`. */
  constructor({ configured, remembered, discover, addressMap }: EndpointListOptions) {
    const origins = new Set(configured.map(parseEndpoint));
    if (origins.size === 0) parseEndpoint('');
    this.#discover = discover;
    this.#addressMap = new Map(
      Object.entries(addressMap).map(([from, to]) => [parseEndpoint(from), parseEndpoint(to)]),
    );
    this.#endpoints = [...origins].map((origin) => createEndpoint(origin, 'configured'));
    if (discover) for (const origin of remembered) this.#add(origin, 'remembered');
  }

  /** All endpoints, in any order. */
  get all(): readonly Endpoint[] {
    return this.#endpoints;
  }

  /** Those of the configuration. */
  get configured(): readonly Endpoint[] {
    return this.#endpoints.filter(({ source }) => source === 'configured');
  }

  /** Origin of the leader in the last answer of the members. */
  get leader(): string | null {
    return this.#leader;
  }

  /** Origins of the members, by their last list: one for each URL that can be used. */
  get advertised(): readonly string[] {
    return this.#advertised;
  }

  /**
   * The leader first, then as configured, as discovered, as remembered; endpoints that failed a moment ago
   * last.
   */
  inOrder(now: number): readonly Endpoint[] {
    const rank = (endpoint: Endpoint): number =>
      (hasFailed(endpoint, now) ? 10 : 0) +
      (endpoint.source === 'remembered' ? 1 : 0) -
      (endpoint.origin === this.#leader ? 2 : 0);
    return this.#endpoints.toSorted((one, other) => rank(one) - rank(other));
  }

  /** Takes over the list of members from an endpoint. Each member still has to prove its own cluster. */
  adopt(members: PDMembers): void {
    this.#advertised = members.members.flatMap((member) => this.#toOrigins(member));
    // The list of the members replaces the remembered one.
    this.#endpoints = this.#endpoints.filter(
      ({ source, origin }) => source !== 'remembered' || this.#advertised.includes(origin),
    );
    if (this.#discover) for (const origin of this.#advertised) this.#add(origin, 'advertised');
    this.#leader = this.#pickLeader(members.leader);
  }

  /** True when a member reports the address of this endpoint as its own. */
  isAt(endpoint: Endpoint, member: PDMember): boolean {
    return this.#toOrigins(member).includes(endpoint.origin);
  }

  #add(origin: string, source: EndpointSource): void {
    const isKnown = this.#endpoints.some((endpoint) => endpoint.origin === origin);
    const found = this.#endpoints.filter((endpoint) => endpoint.source !== 'configured');
    if (isKnown || found.length >= MOST_ADVERTISED || this.#isDowngrade(origin)) return;
    this.#endpoints.push(createEndpoint(origin, source));
  }

  // Members may advertise http:// behind a proxy that is asked by https://: certificates would be in vain.
  #isDowngrade(origin: string): boolean {
    const isHttps = this.#endpoints.every((endpoint) => endpoint.origin.startsWith('https:'));
    return isHttps && !origin.startsWith('https:');
  }

  #pickLeader(leader: PDMember | null): string | null {
    if (leader === null) return null;
    const origins = this.#toOrigins(leader);
    return this.#endpoints.find(({ origin }) => origins.includes(origin))?.origin ?? null;
  }

  #toOrigins(member: PDMember): readonly string[] {
    return member.clientUrls.flatMap((url) => {
      try {
        const origin = parseEndpoint(url);
        return [this.#addressMap.get(origin) ?? origin];
      } catch {
        return [];
      }
    });
  }
}

/** True when an endpoint failed so recently that the others are asked first. */
export function hasFailed({ failedAt }: Endpoint, now: number): boolean {
  return failedAt !== null && now - failedAt < DISTRUST_MS;
}

/** An endpoint of which nothing is known yet. */
export function createEndpoint(origin: string, source: EndpointSource): Endpoint {
  return { origin, source, clusterId: null, toldAt: 0, rejection: null, failedAt: null };
}
