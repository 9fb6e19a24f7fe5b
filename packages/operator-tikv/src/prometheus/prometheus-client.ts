import type { CallOptions, HttpDispatcher, OperatorError, TlsOptions } from 'operator-core';
import type { Dispatcher } from 'undici';
import { toNodeTls } from '../pd/http/node-tls.ts';
import { toAuthorization } from './authorization.ts';
import type { PrometheusCredentials } from './authorization.ts';
import { prometheusError } from './prometheus-errors.ts';
import { parseQueryAnswer, parseQueryFailure } from './query-answer.ts';
import type { QueryAnswer } from './query-answer.ts';
import { readText } from './read-text.ts';

const DEFAULT_TIMEOUT_MS = 10_000;
const DEFAULT_MAX_BODY_BYTES = 16 * 1024 * 1024;
const QUOTED_LENGTH = 200;

/** Options of {@link PrometheusClient}. */
export interface PrometheusClientOptions {
  /** Its base URL, with a path prefix if it has one, without credentials. */
  readonly url: string;
  /** Labels that every series must have, when Prometheus holds more than one cluster. Default: none. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Labels that differ between replicas of Prometheus with the same stores. Default: none. */
  readonly replicaLabels?: readonly string[];
  /** Default: none are sent. */
  readonly credentials?: PrometheusCredentials;
  /** Default: the system's certificates. Not used with `dispatcher`, which brings its own. */
  readonly tls?: TlsOptions;
  /** Used for every request and never closed by the client. Default: an undici Agent of its own. */
  readonly dispatcher?: HttpDispatcher;
  /** Milliseconds that one query may take in all. Default: 10,000. */
  readonly timeoutMs?: number;
  /** Bytes of an answer that are read at most. Default: 16 MiB. */
  readonly maxBodyBytes?: number;
}

interface Answer {
  readonly status: number;
  /** `null`: longer than allowed. */
  readonly text: string | null;
}

/** Asks one Prometheus. Constructing it does no I/O. Rejects with `PROMETHEUS_*`, see `PROMETHEUS_ERROR_CODES`. */
export class PrometheusClient {
  readonly #options: PrometheusClientOptions;
  readonly #timeoutMs: number;
  readonly #queryUrl: string;
  #agent: Promise<Dispatcher> | null = null;

  constructor(options: PrometheusClientOptions) {
    this.#options = options;
    this.#timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
    this.#queryUrl = toQueryUrl(options.url);
  }

  /** The base URL, as it was given. */
  get url(): string {
    return this.#options.url;
  }

  /** See `PrometheusClientOptions`. */
  get labels(): Readonly<Record<string, string>> {
    return this.#options.labels ?? {};
  }

  /** See `PrometheusClientOptions`. */
  get replicaLabels(): readonly string[] {
    return this.#options.replicaLabels ?? [];
  }

  /** Evaluates one expression now (`GET /api/v1/query`). It must give an instant vector. */
  async query(expression: string, options: CallOptions = {}): Promise<QueryAnswer> {
    const answer = await this.#get(expression, options);
    if (answer.text === null) {
      throw prometheusError(
        'PROMETHEUS_ANSWER_TOO_LARGE',
        `Prometheus at ${this.url} answered more than ${this.#maxBodyBytes} bytes`,
        { facts: { expression } },
      );
    }
    const document = parseJson(answer.text);
    const parsed = answer.status === 200 ? parseQueryAnswer(document) : null;
    if (parsed !== null) return parsed;
    throw this.#toFailure({ status: answer.status, text: answer.text }, document);
  }

  /** Closes the client's own connections. May be called twice. */
  async close(): Promise<void> {
    const agent = this.#agent;
    this.#agent = null;
    await (await agent)?.close();
  }

  get #maxBodyBytes(): number {
    return this.#options.maxBodyBytes ?? DEFAULT_MAX_BODY_BYTES;
  }

  async #get(expression: string, { signal }: CallOptions): Promise<Answer> {
    const authorization = await toAuthorization(this.#options.credentials);
    const timeout = AbortSignal.timeout(this.#timeoutMs);
    try {
      const { request } = await import('undici');
      const response = await request(`${this.#queryUrl}?query=${encodeURIComponent(expression)}`, {
        dispatcher: await this.#dispatcher(),
        headers: { accept: 'application/json', ...authorization },
        signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
      });
      const text = await readText(response.body, this.#maxBodyBytes);
      return { status: response.statusCode, text };
    } catch (error) {
      if (signal?.aborted === true) throw signal.reason;
      throw this.#toUnreachable(error, timeout.aborted);
    }
  }

  #dispatcher(): Promise<Dispatcher> {
    const { dispatcher, tls } = this.#options;
    // Core describes undici's dispatcher by shape so that it needs no HTTP library: it is one.
    if (dispatcher !== undefined) return Promise.resolve(dispatcher as unknown as Dispatcher);
    this.#agent ??= openAgent(tls);
    return this.#agent;
  }

  #toUnreachable(cause: unknown, timedOut: boolean): OperatorError {
    if (timedOut) {
      const message = `Prometheus at ${this.url} did not answer within ${this.#timeoutMs} ms`;
      return prometheusError('PROMETHEUS_TIMEOUT', message, { cause });
    }
    const words = cause instanceof Error ? cause.message : String(cause);
    const message = `Prometheus at ${this.url} cannot be reached: ${words || 'connection failed'}`;
    return prometheusError('PROMETHEUS_UNREACHABLE', message, { cause });
  }

  #toFailure(answer: { status: number; text: string }, document: unknown): OperatorError {
    const { status } = answer;
    const facts = { status, answer: answer.text.slice(0, QUOTED_LENGTH) };
    if (status === 401 || status === 403) {
      // Its text is left out, because a server that refuses a credential often repeats it.
      const message = `Prometheus at ${this.url} refused the request with status ${status}`;
      return prometheusError('PROMETHEUS_UNAUTHORIZED', message, { facts: { status } });
    }
    const words = parseQueryFailure(document);
    if (words !== null) {
      const message = `Prometheus at ${this.url} could not evaluate a query: ${words}`;
      const retryable = status === 429 || status >= 500;
      return prometheusError('PROMETHEUS_QUERY_FAILED', message, { facts, retryable });
    }
    const message = `The server at ${this.url} (status ${status}) is not the query API of Prometheus`;
    return prometheusError('PROMETHEUS_BAD_ANSWER', message, { facts, retryable: status >= 500 });
  }
}

function toQueryUrl(base: string): string {
  const url = new URL(base);
  return `${url.origin}${url.pathname.replace(/\/+$/u, '')}/api/v1/query`;
}

async function openAgent(tls: TlsOptions = {}): Promise<Dispatcher> {
  const { Agent } = await import('undici');
  return new Agent({ connect: toNodeTls(tls) });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
