import { localRead } from '../http/connection.ts';
import type { Connection, PDCallOptions } from '../http/connection.ts';
import type { Endpoint, EndpointList } from '../http/endpoint-list.ts';
import { judgeAnswer } from '../http/judge-answer.ts';
import { judgeFailure } from '../http/judge-failure.ts';
import { PDError } from '../wire/pd-error.ts';
import type { PDMembers } from '../wire/pd-members.ts';
import type { ReadFailure } from './read-failures.ts';
import { belongsElsewhere, clustersDiffer, notRemembered } from './identity-errors.ts';
import { parseAnswer } from './read-spec.ts';
import { clusterSpec, membersSpec } from './reads.ts';
import { toStranger } from '../http/foreign-server.ts';
import { orAborted } from '../wire/wait.ts';

/** Milliseconds that an endpoint may take to name its cluster: the id is in its memory. */
export const IDENTITY_MS = 2000;

/** Milliseconds that an endpoint may take to list the members: a PD leader asks etcd for them, which answers at once. */
const INTRODUCTION_MS = 500;

/** Milliseconds after which an endpoint that is not used is asked again. */
const REJECTED_MS = 30_000;

/** Answer of an endpoint about its identity. */
type IdentityAnswer = { readonly clusterId: string } | { readonly failure: ReadFailure };

/** Knowledge of the cluster before any request. */
export interface IdentityOptions {
  /** The configured cluster; `null` when the configuration names none. */
  readonly clusterId: string | null;
  /** The cluster of an earlier process; `null` when there is none. */
  readonly remembered: string | null;
}

/**
 * Knows the intended cluster, and asks every endpoint if it belongs to it. The report of a member about others
 * proves nothing about them. An endpoint that does not answer, or belongs to another cluster, is not used.
 */
export class Identity {
  readonly #connection: Connection;
  readonly #endpoints: EndpointList;
  readonly #options: IdentityOptions;
  readonly #running = new Map<Endpoint, Promise<IdentityAnswer>>();
  #clusterId: string | null;

  constructor(connection: Connection, endpoints: EndpointList, options: IdentityOptions) {
    this.#connection = connection;
    this.#endpoints = endpoints;
    this.#options = options;
    this.#clusterId = options.clusterId;
  }

  /** The intended cluster; `null` while it is not known. */
  get clusterId(): string | null {
    return this.#clusterId;
  }

  /** True when the configuration names the cluster. */
  get isPinned(): boolean {
    return this.#options.clusterId !== null;
  }

  /**
   * Finds out the intended cluster. Without a configured id all configured endpoints are asked and must agree,
   * with each other and with the remembered cluster. `null` when it is known, else the failures by endpoint.
   * Throws `PD_CLUSTER_MISMATCH`.
   */
  async agree(options: PDCallOptions): Promise<ReadonlyMap<Endpoint, ReadFailure> | null> {
    if (this.#clusterId !== null) return null;
    const failures = new Map<Endpoint, ReadFailure>();
    await Promise.all(
      this.#endpoints.configured.map(async (endpoint) => {
        const told = await this.#currentAnswer(endpoint, options);
        if ('failure' in told) failures.set(endpoint, told.failure);
      }),
    );
    const told = this.#endpoints.configured.flatMap(({ clusterId }) => clusterId ?? []);
    const [found] = told;
    if (found === undefined && this.#options.remembered === null) return failures;
    this.#requireSame();
    this.#clusterId = found ?? this.#options.remembered;
    return null;
  }

  /** `null` when the endpoint has reported to belong to the cluster, else the reason why it is not used. */
  async prove(endpoint: Endpoint, options: PDCallOptions): Promise<ReadFailure | null> {
    if (endpoint.clusterId !== null && endpoint.clusterId === this.#clusterId) return null;
    return this.#proveNow(endpoint, options);
  }

  /**
   * Asks a configured endpoint, of itself, for the members of its cluster, which names the cluster too. Only the leader knows
   * them for certain: `null` where the endpoint is not the leader by its own word, does not answer at once, or is of another
   * cluster. Nothing is concluded then, and {@link prove} asks it for its cluster alone.
   */
  async introduce(endpoint: Endpoint, options: PDCallOptions): Promise<PDMembers | null> {
    const { clusterId, failedAt, rejection, source } = endpoint;
    const isNew = clusterId === null && failedAt === null && rejection === null;
    if (!isNew || source !== 'configured' || this.#clusterId === null) return null;
    const members = await this.#askForMembers(endpoint, options);
    if (members === null || members.clusterId !== this.#clusterId) return null;
    endpoint.clusterId = members.clusterId;
    endpoint.toldAt = performance.now();
    const { leader } = members;
    return leader !== null && this.#endpoints.isAt(endpoint, leader) ? members : null;
  }

  async #askForMembers(endpoint: Endpoint, options: PDCallOptions): Promise<PDMembers | null> {
    const request = localRead(endpoint.origin, membersSpec.path);
    const quick = this.#connection.within(INTRODUCTION_MS, options);
    const result = await this.#connection.exchange(request, quick);
    if (result.kind === 'failure') {
      if (result.reason === 'aborted') throw result.cause;
      return null;
    }
    try {
      if (judgeAnswer(result, request).kind !== 'ok') return null;
      return parseAnswer(membersSpec, result, { request, endpoint });
    } catch (error) {
      if (PDError.isInstance(error)) return null;
      throw error;
    }
  }

  /** Does the same as {@link prove}, but reports before a moment (`performance.now()`) do not count. */
  async proveSince(
    endpoint: Endpoint,
    moment: number,
    options: PDCallOptions,
  ): Promise<ReadFailure | null> {
    return endpoint.toldAt >= moment
      ? this.prove(endpoint, options)
      : this.#proveNow(endpoint, options);
  }

  async #proveNow(endpoint: Endpoint, options: PDCallOptions): Promise<ReadFailure | null> {
    const told = await this.#currentAnswer(endpoint, options);
    if ('failure' in told) return told.failure;
    if (this.#clusterId === null || told.clusterId === this.#clusterId) return null;
    const error = belongsElsewhere(endpoint, told.clusterId, this.#clusterId);
    const failed = this.reject(endpoint, error);
    // Without a configured id nothing decides between two configured endpoints.
    if (!this.isPinned && endpoint.source === 'configured') throw error;
    return failed;
  }

  /** Asks an origin once, outside of the list. Throws the reason when it does not answer. */
  async ask(endpoint: Endpoint, options: PDCallOptions): Promise<string> {
    const told = await this.#askOnce(endpoint, options);
    if ('clusterId' in told) return told.clusterId;
    throw told.failure.error;
  }

  /** Stops using an endpoint for a while. */
  reject(endpoint: Endpoint, error: PDError): ReadFailure {
    endpoint.clusterId = null;
    endpoint.rejection = { error, at: performance.now() };
    return { error, mayRepeat: false };
  }

  async #currentAnswer(endpoint: Endpoint, options: PDCallOptions): Promise<IdentityAnswer> {
    const { rejection } = endpoint;
    if (rejection !== null && performance.now() - rejection.at < REJECTED_MS) {
      return { failure: { error: rejection.error, mayRepeat: false } };
    }
    // This call's signal does not end it: other calls wait for the same answer.
    const running = this.#running.get(endpoint) ?? this.#start(endpoint);
    return orAborted(running, this.#connection.signals(options));
  }

  #start(endpoint: Endpoint): Promise<IdentityAnswer> {
    const running = this.#askOnce(endpoint, {}).finally(() => this.#running.delete(endpoint));
    this.#running.set(endpoint, running);
    return running;
  }

  async #askOnce(endpoint: Endpoint, options: PDCallOptions): Promise<IdentityAnswer> {
    const request = localRead(endpoint.origin, clusterSpec.path);
    endpoint.clusterId = null;
    const quick = this.#connection.within(IDENTITY_MS, options);
    const result = await this.#connection.exchange(request, quick);
    if (result.kind === 'failure') {
      if (result.reason === 'aborted') throw result.cause;
      const failure = judgeFailure(result, request, this.#connection.limitsOf(quick));
      endpoint.failedAt = performance.now();
      // A member that is starting holds requests for seconds.
      const mayRepeat = failure.mayRepeat || failure.error.code === 'PD_TIMEOUT';
      return { failure: { error: failure.error, mayRepeat } };
    }
    endpoint.failedAt = null;
    const judgement = judgeAnswer(result, request);
    if (judgement.kind === 'elsewhere')
      return { failure: { error: judgement.error, mayRepeat: true } };
    if (judgement.kind === 'final') {
      const error = toStranger(result, request, judgement.error);
      // An answer such as "too many requests" proves nothing about its cluster.
      const failure = error.retryable ? { error, mayRepeat: false } : this.reject(endpoint, error);
      return { failure };
    }
    try {
      const { id } = parseAnswer(clusterSpec, result, { request, endpoint });
      endpoint.clusterId = id;
      endpoint.toldAt = performance.now();
      endpoint.rejection = null;
      return { clusterId: id };
    } catch (error) {
      if (!PDError.isInstance(error)) throw error;
      return { failure: this.reject(endpoint, error) };
    }
  }

  #requireSame(): void {
    const told = this.#endpoints.configured.filter(({ clusterId }) => clusterId !== null);
    const { remembered } = this.#options;
    const ids = [...new Set(told.flatMap(({ clusterId }) => clusterId ?? []))];
    if (ids.length > 1) throw clustersDiffer(told);
    const [found] = ids;
    if (found !== undefined && remembered !== null && found !== remembered) {
      throw notRemembered(told, { found, remembered });
    }
  }
}
