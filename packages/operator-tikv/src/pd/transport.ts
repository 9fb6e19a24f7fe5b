import type { Connection, PDCallOptions, PDRequest } from './connection.ts';
import { Discovery } from './discovery.ts';
import type { Endpoint, EndpointList } from './endpoint-list.ts';
import type { HttpFailure, RequestLine } from './exchange.ts';
import { judgeAnswer } from './judge-answer.ts';
import { judgeFailure } from './judge-failure.ts';
import { PDError } from './pd-error.ts';
import { parseMembers } from './pd-members.ts';
import type { PDMembers } from './pd-members.ts';
import { ReadFailures } from './read-failures.ts';
import type { ReadFailure } from './read-failures.ts';
import { parseAnswer } from './read-spec.ts';
import type { ReadSpec } from './read-spec.ts';
import { clusterStatusSpec } from './reads.ts';
import { PD_API } from './requests.ts';
import { orAborted, wait } from './wait.ts';

type Attempt<Value> = { readonly value: Value } | ReadFailure;

/** Asks the endpoints in turn, for as long as an election takes. */
export class Transport {
  readonly #connection: Connection;
  readonly #endpoints: EndpointList;
  readonly #discovery: Discovery;
  readonly #membersSpec: ReadSpec<PDMembers> = {
    path: '/members',
    isExact: true,
    isIdentity: true,
    parse: (body, from) => this.#discovery.adopt(parseMembers(body), from),
  };

  constructor(connection: Connection, endpoints: EndpointList, clusterId: string | null) {
    this.#connection = connection;
    this.#endpoints = endpoints;
    this.#discovery = new Discovery(endpoints, clusterId);
  }

  /** The members, from the leader; takes over what they tell. */
  async readMembers(options: PDCallOptions): Promise<PDMembers> {
    const reading = this.#readAnywhere(this.#membersSpec, options);
    // Where nothing was asked before, this is the discovery that other reads wait for.
    this.#discovery.ensure(() => reading).catch(() => {});
    return reading;
  }

  /** The answer of the first endpoint that has one. */
  async read<Value>(spec: ReadSpec<Value>, options: PDCallOptions): Promise<Value> {
    await this.#discover(options);
    return this.#readAnywhere(spec, options);
  }

  /** Makes sure that a change can only reach the cluster that it is meant for. */
  async prepareWrite(options: PDCallOptions): Promise<void> {
    if (this.#discovery.isDemanded) await this.#discover(options);
  }

  /** Asks an endpoint which cluster it belongs to, where that is not known. Throws `PD_CLUSTER_MISMATCH`. */
  async verify(endpoint: Endpoint, options: PDCallOptions): Promise<ReadFailure | null> {
    if (!this.#discovery.mustVerify(endpoint)) return null;
    const attempt = await this.#askOnce(endpoint, this.#membersSpec, options);
    return 'value' in attempt ? null : attempt;
  }

  async #discover(options: PDCallOptions): Promise<void> {
    if (this.#discovery.isDone) return;
    const signals = this.#connection.signals(options);
    // Not ended by this call's signal: other calls wait for the same answer.
    const discover = (): Promise<void> =>
      this.#discovery.ensure(() => this.#readAnywhere(this.#membersSpec, {}));
    // Another call's signal may have ended the answer that all waited for.
    const found = discover().catch((error: unknown) =>
      PDError.isInstance(error) ? Promise.reject(error) : discover(),
    );
    await orAborted(found, signals);
  }

  async #readAnywhere<Value>(spec: ReadSpec<Value>, options: PDCallOptions): Promise<Value> {
    const failures = new ReadFailures(this.#connection.limitsOf(options).electionMs);
    for (;;) {
      for (const endpoint of this.#endpoints.inOrder(performance.now())) {
        if (!failures.mayAsk(endpoint)) continue;
        const attempt = await this.#ask(endpoint, spec, options);
        if ('value' in attempt) {
          if (!failures.isEmpty && spec.isIdentity !== true) this.#discovery.invalidate();
          return attempt.value;
        }
        failures.add(endpoint, attempt);
      }
      const milliseconds = failures.nextWait();
      if (milliseconds === null) throw failures.toError();
      await wait(milliseconds, this.#connection.signals(options));
    }
  }

  async #ask<Value>(
    endpoint: Endpoint,
    spec: ReadSpec<Value>,
    options: PDCallOptions,
  ): Promise<Attempt<Value>> {
    const doubt = spec.isIdentity === true ? null : await this.verify(endpoint, options);
    const attempt = doubt ?? (await this.#askOnce(endpoint, spec, options));
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
    if (judgement.kind === 'ok') return { value: parseAnswer(spec, result, { request, endpoint }) };
    if (judgement.kind === 'elsewhere') return { error: judgement.error, mayRepeat: true };
    const value = spec.refused?.(judgement.error);
    if (value === undefined) throw judgement.error;
    return { value };
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
    return judgement;
  }

  // A new PD leader says the same for a moment, but it knows since when the cluster exists.
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

const FATAL: ReadonlySet<string> = new Set(['PD_RESPONSE_TOO_LARGE', 'PD_CLIENT_CLOSED']);

function nullIfPDError(error: unknown): null {
  if (PDError.isInstance(error) && error.code !== 'PD_CLIENT_CLOSED') return null;
  throw error;
}

function toRequest(endpoint: Endpoint, spec: Pick<ReadSpec<unknown>, 'path'>): PDRequest {
  return { origin: endpoint.origin, method: 'GET', path: PD_API + spec.path, body: null };
}
