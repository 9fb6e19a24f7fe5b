import type { Endpoint, EndpointList } from './endpoint-list.ts';
import { PDError } from './pd-error.ts';
import type { PDMembers } from './pd-members.ts';

/** Knows when the members have to be asked for, and that all endpoints are of one cluster. */
export class Discovery {
  readonly #endpoints: EndpointList;
  readonly #expectedClusterId: string | null;
  #isDone = false;
  #running: Promise<void> | null = null;

  constructor(endpoints: EndpointList, expectedClusterId: string | null) {
    this.#endpoints = endpoints;
    this.#expectedClusterId = expectedClusterId;
  }

  /** Whether the members are known. */
  get isDone(): boolean {
    return this.#isDone;
  }

  /** Whether changes have to wait until the cluster has told who it is. */
  get isDemanded(): boolean {
    return this.#expectedClusterId !== null && this.#endpoints.clusterId === null;
  }

  /** Whether an endpoint still has to say which cluster it belongs to. */
  mustVerify(endpoint: Endpoint): boolean {
    return this.#endpoints.clusterId !== null && !endpoint.isVerified;
  }

  /** Takes over what an endpoint told. Throws `PD_CLUSTER_MISMATCH`. */
  adopt(members: PDMembers, toldBy: Endpoint): PDMembers {
    const expected = this.#expectedClusterId ?? this.#endpoints.clusterId;
    if (expected !== null && members.clusterId !== expected) {
      throw mismatch(members.clusterId, expected, toldBy);
    }
    this.#endpoints.adopt(members, toldBy);
    this.#isDone = true;
    return members;
  }

  /** Something failed that the members may know more about: the next read asks them again. */
  invalidate(): void {
    this.#isDone = false;
  }

  /** Runs `ask`; whoever comes meanwhile waits for the same run. */
  async ensure(ask: () => Promise<unknown>): Promise<void> {
    this.#running ??= this.#run(ask).finally(() => {
      this.#running = null;
    });
    await this.#running;
  }

  async #run(ask: () => Promise<unknown>): Promise<void> {
    try {
      await ask();
    } catch (error) {
      if (this.#expectedClusterId !== null || isAboutReaching(error)) throw error;
      // Whatever is there does not know its members: the read itself will tell what it is.
      this.#isDone = true;
    }
  }
}

function isAboutReaching(error: unknown): boolean {
  if (!PDError.isInstance(error)) return true;
  return error.kind !== 'failed';
}

function mismatch(found: string, expected: string, toldBy: Endpoint): PDError {
  return new PDError({
    code: 'PD_CLUSTER_MISMATCH',
    message: `${toldBy.origin} belongs to cluster ${found} and not to ${expected}`,
    endpoint: toldBy.origin,
    facts: { found, expected },
  });
}
