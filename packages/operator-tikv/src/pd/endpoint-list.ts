import { parseEndpoint } from './endpoint-url.ts';
import type { PDMember, PDMembers } from './pd-members.ts';

/** How long an endpoint that failed is asked after the others. */
const DISTRUST_MS = 30_000;

/** One PD server that can be asked. */
export interface Endpoint {
  readonly origin: string;
  /** Whether it said, or the members said, that it belongs to the cluster. */
  isVerified: boolean;
  /** When it last failed, `performance.now()`; `null` when it did not. */
  failedAt: number | null;
}

/** The configured endpoints and those that the members told, in the order in which to ask them. */
export class EndpointList {
  readonly #endpoints: Endpoint[];
  #leader: string | null = null;
  #clusterId: string | null = null;

  /** Throws `PD_ENDPOINT_INVALID`. */
  constructor(configured: readonly string[]) {
    const origins = new Set(configured.map(parseEndpoint));
    if (origins.size === 0) parseEndpoint('');
    this.#endpoints = [...origins].map((origin) => ({
      origin,
      isVerified: false,
      failedAt: null,
    }));
  }

  /** The cluster that these endpoints belong to, once one of them has told. */
  get clusterId(): string | null {
    return this.#clusterId;
  }

  /** Origin of the leader, as the members told last. */
  get leader(): string | null {
    return this.#leader;
  }

  /** The leader first, then as configured, then as discovered; what failed a moment ago last. */
  inOrder(now: number): readonly Endpoint[] {
    const rank = (endpoint: Endpoint): number =>
      (endpoint.failedAt !== null && now - endpoint.failedAt < DISTRUST_MS ? 2 : 1) -
      (endpoint.origin === this.#leader ? 0.5 : 0);
    return this.#endpoints.toSorted((one, other) => rank(one) - rank(other));
  }

  /** Takes over what an endpoint told about the members. */
  adopt(members: PDMembers, toldBy: Endpoint): void {
    this.#clusterId = members.clusterId;
    toldBy.isVerified = true;
    for (const origin of members.members.flatMap(toOrigins)) this.#add(origin);
    this.#leader = this.#pickLeader(members.leader);
  }

  #add(origin: string): void {
    const known = this.#endpoints.find((endpoint) => endpoint.origin === origin);
    if (known !== undefined) known.isVerified = true;
    else if (!this.#isDowngrade(origin)) {
      this.#endpoints.push({ origin, isVerified: true, failedAt: null });
    }
  }

  // Members may advertise http:// behind a proxy that is asked by https://: certificates would be in vain.
  #isDowngrade(origin: string): boolean {
    const isHttps = this.#endpoints.every((endpoint) => endpoint.origin.startsWith('https:'));
    return isHttps && !origin.startsWith('https:');
  }

  #pickLeader(leader: PDMember | null): string | null {
    if (leader === null) return null;
    const origins = toOrigins(leader);
    return this.#endpoints.find(({ origin }) => origins.includes(origin))?.origin ?? null;
  }
}

function toOrigins(member: PDMember): readonly string[] {
  return member.clientUrls.flatMap((url) => {
    try {
      return [parseEndpoint(url)];
    } catch {
      return [];
    }
  });
}
