import type { Connection, PDCallOptions, PDRequest } from '../http/connection.ts';
import { Discovery } from './discovery.ts';
import type { Endpoint, EndpointList } from '../http/endpoint-list.ts';
import type { HttpFailure, RequestLine } from '../http/exchange.ts';
import { membersMismatch } from './identity-errors.ts';
import type { Identity } from './identity.ts';
import { judgeAnswer } from '../http/judge-answer.ts';
import { judgeFailure } from '../http/judge-failure.ts';
import { PDError } from '../wire/pd-error.ts';
import { parseMembers } from '../wire/pd-members.ts';
import type { PDMembers } from '../wire/pd-members.ts';
import { proveEndpoints } from './prove-endpoints.ts';
import { watchQuorum } from './quorum-watch.ts';
import type { QuorumWatch } from './quorum-watch.ts';
import { ReadFailures } from './read-failures.ts';
import type { ReadFailure } from './read-failures.ts';
import { parseAnswer } from './read-spec.ts';
import type { ReadSpec } from './read-spec.ts';
import { clusterStatusSpec, membersSpec } from './reads.ts';
import { PD_API } from '../http/requests.ts';
import { orAborted, wait } from '../wire/wait.ts';

type Attempt<Value> = { readonly value: Value } | ReadFailure;

/** Parts of a transport. */
export interface TransportParts {
  readonly connection: Connection;
  readonly endpoints: EndpointList;
  readonly identity: Identity;
  /** Called with every list of members from a proven endpoint. */
  readonly onMembers: (members: PDMembers) => void;
  /** Called before each pause of a read that finds no leader. */
  readonly onWaiting: (waitedMs: number) => void;
}

/** Asks the endpoints that have proven their cluster in turn, for as long as an election takes. */
export class Transport {
  readonly #parts: TransportParts;
  readonly #connection: Connection;
  readonly #endpoints: EndpointList;
  readonly #identity: Identity;
  readonly #discovery = new Discovery();
  readonly #membersSpec: ReadSpec<PDMembers> = {
    ...membersSpec,
    parse: (body, from) => this.#adopt(parseMembers(body), from),
    ofMembers: (members, from) => this.#adopt(members, from),
  };

  constructor(parts: TransportParts) {
    this.#parts = parts;
    this.#connection = parts.connection;
    this.#endpoints = parts.endpoints;
    this.#identity = parts.identity;
  }

  /** Reads the members from the leader, and remembers them. */
  async readMembers(options: PDCallOptions): Promise<PDMembers> {
    await this.agree(options);
    const reading = this.#readAnywhere(this.#membersSpec, options);
    // Where nothing was asked before, this is the discovery that other reads wait for.
    this.#discovery.ensure(() => reading).catch(() => {});
    return reading;
  }

  /** The answer of the first endpoint that has one. */
  async read<Value>(spec: ReadSpec<Value>, options: PDCallOptions): Promise<Value> {
    await this.agree(options);
    await this.#discover(options);
    return this.#readAnywhere(spec, options);
  }

  /** Waits until it is known which cluster is meant. Throws `PD_CLUSTER_MISMATCH`. */
  async agree(options: PDCallOptions): Promise<void> {
    const failures = new ReadFailures(this.#connection.limitsOf(options).electionMs);
    for (;;) {
      const failed = await this.#identity.agree(options);
      if (failed === null) return;
      for (const [endpoint, failure] of failed) failures.add(endpoint, failure);
      if (!(await this.#pause(failures, options))) throw failures.toError();
    }
  }

  /**
   * Origins of all endpoints that have proven their cluster, at least one; those that failed a moment ago are left out.
   * Waits while none proves it, as a read does, and throws the reasons of all when waiting does not help.
   */
  async readProven(options: PDCallOptions): Promise<readonly string[]> {
    await this.agree(options);
    await this.#discover(options);
    const failures = new ReadFailures(this.#connection.limitsOf(options).electionMs);
    for (;;) {
      const proven = await proveEndpoints(this.#parts, failures, options);
      if (proven.length > 0) return proven.toSorted();
      if (!(await this.#pause(failures, options))) throw failures.toError();
    }
  }

  async #discover(options: PDCallOptions): Promise<void> {
    if (this.#discovery.isDone) return;
    const signals = this.#connection.signals(options);
    // This call's signal does not end it: other calls wait for the same answer.
    const discover = (): Promise<void> =>
      this.#discovery.ensure(() => this.#readAnywhere(this.#membersSpec, {}));
    // Another call's signal may have ended the answer that all waited for.
    const found = discover().catch((error: unknown) =>
      PDError.isInstance(error) ? Promise.reject(error) : discover(),
    );
    await orAborted(found, signals);
  }

  #adopt(members: PDMembers, from: Endpoint): PDMembers {
    const { clusterId } = from;
    if (clusterId !== null && members.clusterId !== clusterId) {
      throw membersMismatch(from, members.clusterId, clusterId);
    }
    this.#endpoints.adopt(members);
    this.#discovery.settle();
    this.#parts.onMembers(members);
    return members;
  }

  async #readAnywhere<Value>(spec: ReadSpec<Value>, options: PDCallOptions): Promise<Value> {
    return watchQuorum(this.#parts, options, (own, watch) => this.#readInTurn(spec, own, watch));
  }

  async #readInTurn<Value>(
    spec: ReadSpec<Value>,
    options: PDCallOptions,
    watch: QuorumWatch,
  ): Promise<Value> {
    const failures = new ReadFailures(this.#connection.limitsOf(options).electionMs);
    for (;;) {
      for (const endpoint of this.#endpoints.inOrder(performance.now())) {
        if (!failures.mayAsk(endpoint)) continue;
        const attempt = await this.#ask(endpoint, spec, options);
        if ('value' in attempt) {
          if (failures.hasReached && spec.ofMembers === undefined) this.#discovery.invalidate();
          return attempt.value;
        }
        failures.add(endpoint, attempt);
      }
      if (failures.isLeaderless) watch.noteLeaderless();
      if (!(await this.#pause(failures, options))) throw await watch.conclude(failures.toError());
    }
  }

  /** Waits before the next round. False when no time is left for one. */
  async #pause(failures: ReadFailures, options: PDCallOptions): Promise<boolean> {
    const milliseconds = failures.nextWait();
    if (milliseconds === null) return false;
    this.#parts.onWaiting(failures.waitedMs);
    await wait(milliseconds, this.#connection.signals(options));
    return true;
  }

  async #ask<Value>(
    endpoint: Endpoint,
    spec: ReadSpec<Value>,
    options: PDCallOptions,
  ): Promise<Attempt<Value>> {
    if (spec.ofMembers !== undefined) {
      const members = await this.#identity.introduce(endpoint, options);
      if (members !== null) return { value: spec.ofMembers(members, endpoint) };
    }
    const doubt = await this.#identity.prove(endpoint, options);
    if (doubt !== null) return { ...doubt, isDoubt: true };
    const attempt = await this.#askOnce(endpoint, spec, options);
    if ('error' in attempt && attempt.error.code === 'PD_NOT_BOOTSTRAPPED') {
      await this.#throwIfNeverBootstrapped(endpoint, attempt.error, options);
    }
    return attempt;
  }

  async #askOnce<Value>(
    endpoint: Endpoint,
    spec: ReadSpec<Value>,
    options: PDCallOptions,
  ): Promise<Attempt<Value>> {
    const request = toRequest(endpoint, spec);
    const result = await this.#connection.exchange(request, options);
    if (result.kind === 'failure') return this.#fail(endpoint, result, { request, options });
    endpoint.failedAt = null;
    const judgement = judgeAnswer(result, request);
    if (judgement.kind === 'ok') return this.#parse(spec, result, { request, endpoint });
    if (judgement.kind === 'elsewhere') return { error: judgement.error, mayRepeat: true };
    const value = spec.refused?.(judgement.error);
    if (value === undefined) throw judgement.error;
    return { value };
  }

  #parse<Value>(
    spec: ReadSpec<Value>,
    answer: Parameters<typeof parseAnswer>[1],
    asked: { readonly request: RequestLine; readonly endpoint: Endpoint },
  ): Attempt<Value> {
    try {
      return { value: parseAnswer(spec, answer, asked) };
    } catch (error) {
      if (!PDError.isInstance(error) || error.code !== 'PD_CLUSTER_MISMATCH') throw error;
      return this.#identity.reject(asked.endpoint, error);
    }
  }

  #fail(
    endpoint: Endpoint,
    failure: HttpFailure,
    { request, options }: { request: RequestLine; options: PDCallOptions },
  ): ReadFailure {
    if (failure.reason === 'aborted') throw failure.cause;
    const judgement = judgeFailure(failure, request, this.#connection.limitsOf(options));
    if (FATAL.has(judgement.error.code)) throw judgement.error;
    endpoint.failedAt = performance.now();
    // Another server may answer there when it is asked again.
    endpoint.clusterId = null;
    return judgement;
  }

  // A new PD leader answers the same for a moment, but it knows the creation time of the cluster.
  async #throwIfNeverBootstrapped(
    endpoint: Endpoint,
    error: PDError,
    options: PDCallOptions,
  ): Promise<void> {
    const attempt = await this.#askOnce(endpoint, clusterStatusSpec, options).catch(nullIfPDError);
    if (attempt === null || 'error' in attempt || attempt.value.isBootstrapped) return;
    throw new PDError({
      code: 'PD_NOT_BOOTSTRAPPED',
      message: `the cluster of ${endpoint.origin} was never bootstrapped: no TiKV store has joined it`,
      remedy: 'Start TiKV with this PD and ask again.',
      status: error.status,
      pdCode: error.pdCode,
      endpoint: endpoint.origin,
      facts: error.facts,
      retryable: false,
      cause: error,
    });
  }
}

const FATAL = new Set<string>(['PD_RESPONSE_TOO_LARGE', 'PD_CLIENT_CLOSED']);
function nullIfPDError(error: unknown): null {
  if (PDError.isInstance(error) && error.code !== 'PD_CLIENT_CLOSED') return null;
  throw error;
}

function toRequest({ origin }: Endpoint, { path }: { readonly path: string }): PDRequest {
  return { origin, method: 'GET', path: PD_API + path, body: null };
}
