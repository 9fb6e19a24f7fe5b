import { createMisbehaved, isHttpRequest, OperatorError } from 'operator-core';
import type {
  CallOptions,
  HttpAnswer,
  HttpClient,
  HttpClientOptions,
  HttpLogin,
  HttpReadRequest,
  SendOptions,
  SendResult,
  TargetedRequest,
} from 'operator-core';
import { joinSignals } from '../base/signals.ts';
import { describeCause } from '../errors/describe-cause.ts';
import { createEngineError } from '../errors/engine-error.ts';
import { exchangeOnce } from './exchange-once.ts';
import type { OneRequest } from './exchange-once.ts';
import type { GuardedDispatcher } from './guarded-dispatcher.ts';
import { LoginSession } from './login-session.ts';
import type { WriteGuard } from './write-guard.ts';
import { toBytes } from './write-permit.ts';

const ATTEMPT_MS = 5000;
/** Statuses of a server that is starting, ending, or cannot reach the one that it asks itself. */
const ELSEWHERE: ReadonlySet<number> = new Set([502, 503, 504]);

type Attempt = Omit<OneRequest, 'origin'>;

/** Parts of the host that a client uses. */
export interface ClientParts {
  readonly dispatcher: GuardedDispatcher;
  readonly guard: WriteGuard;
  /** Learns each token, so that traces and errors do not show it. */
  readonly onToken: (token: string) => void;
}

/** Client of the host for one system: reads fail over, writes never do. */
export class EndpointClient implements HttpClient {
  readonly #parts: ClientParts;
  readonly #attemptMs: number;
  readonly #session: LoginSession | null;
  /** The one that answered last comes first. */
  #endpoints: readonly string[];

  /** Throws `PLUGIN_MISBEHAVED` without an endpoint. */
  constructor(
    { endpoints, attemptTimeoutMs = ATTEMPT_MS, login }: HttpClientOptions,
    parts: ClientParts,
  ) {
    if (endpoints.length === 0) {
      throw createMisbehaved('the options of openClient', ['endpoints: names no server']);
    }
    this.#parts = parts;
    this.#attemptMs = attemptTimeoutMs;
    this.#endpoints = [...endpoints];
    this.#session = login === undefined ? null : this.#openSession(login);
  }

  async read(request: HttpReadRequest, { signal }: CallOptions = {}): Promise<HttpAnswer> {
    const failures: string[] = [];
    for (const origin of this.#endpoints) {
      signal?.throwIfAborted();
      try {
        const answer = await this.#readFrom(origin, request, signal);
        if (!ELSEWHERE.has(answer.status)) return this.#prefer(answer);
        failures.push(`${origin}: status ${answer.status}`);
      } catch (error) {
        // What the guard has stopped is no fault of this endpoint, and no other one would take it.
        if (OperatorError.isInstance(error)) throw error;
        signal?.throwIfAborted();
        failures.push(`${origin}: ${describeCause(error)}`);
      }
    }
    throw createUnreachable(request, failures);
  }

  async send(request: TargetedRequest, { signal, callerId }: SendOptions): Promise<SendResult> {
    if (!isHttpRequest(request)) throw createOtherProtocol(request.protocol);
    const { method, path } = request;
    const body = request.body === null ? null : toBytes(request);
    const failures: string[] = [];
    for (const origin of this.#endpoints.filter((one) => request.target.includes(one))) {
      try {
        const headers = { ...(await this.#headersFor(origin)), 'x-caller-id': callerId };
        const attempt = { method, path, body, headers: withType(headers, body), signal };
        return this.#toResult(await this.#ask(origin, attempt));
      } catch (error) {
        failures.push(`${origin}: ${describeCause(error)}`);
        // A permit comes back when no connection was made: only then may another endpoint take it.
        if (!this.#parts.guard.canSend({ method, path, body, origin })) throw error;
        if (OperatorError.isInstance(error) && error.kind !== 'unreachable') throw error;
      }
    }
    const reason = failures.length === 0 ? 'no endpoint is in its target' : failures.join('; ');
    return { outcome: 'not_sent', reason };
  }

  async #readFrom(
    origin: string,
    request: HttpReadRequest,
    signal: AbortSignal | undefined,
  ): Promise<HttpAnswer> {
    const { method = 'GET', path, body: text = null, headers = {} } = request;
    const body = text === null ? null : Buffer.from(text, 'utf8');
    const once = async (): Promise<HttpAnswer> => {
      const all = withType({ ...(await this.#headersFor(origin)), ...headers }, body);
      const limited = this.#limited(signal);
      return this.#ask(origin, { method, path, body, headers: all, signal: limited });
    };
    const answer = await once();
    if (answer.status !== 401 || this.#session === null) return answer;
    this.#session.forget();
    return once();
  }

  #toResult({ status, body: answer }: HttpAnswer): SendResult {
    // The permit is used: the next request logs in again, this one is not repeated.
    if (status === 401) this.#session?.forget();
    return { outcome: status < 300 ? 'accepted' : 'refused', status, answer };
  }

  #prefer(answer: HttpAnswer): HttpAnswer {
    const { origin } = answer;
    if (this.#endpoints[0] !== origin) {
      this.#endpoints = [origin, ...this.#endpoints.filter((one) => one !== origin)];
    }
    return answer;
  }

  #openSession(login: HttpLogin): LoginSession {
    const { guard, onToken } = this.#parts;
    const { method, path } = login;
    const body = login.body === null ? null : Buffer.from(login.body, 'utf8');
    guard.allowLogin({ method, path, body });
    const ask = async (origin: string): Promise<HttpAnswer> => {
      const headers = withType({}, body);
      return this.#ask(origin, { method, path, body, headers, signal: this.#limited(undefined) });
    };
    return new LoginSession(login, ask, onToken);
  }

  async #headersFor(origin: string): Promise<Readonly<Record<string, string>>> {
    return this.#session === null ? {} : this.#session.headers(origin);
  }

  #limited(signal: AbortSignal | undefined): AbortSignal {
    return joinSignals(signal, AbortSignal.timeout(this.#attemptMs));
  }

  async #ask(origin: string, attempt: Attempt): Promise<HttpAnswer> {
    return exchangeOnce(this.#parts.dispatcher, { origin, ...attempt });
  }
}

function withType(
  headers: Readonly<Record<string, string>>,
  body: Buffer | null,
): Readonly<Record<string, string>> {
  return body === null ? headers : { 'content-type': 'application/json', ...headers };
}

function createUnreachable(
  { method = 'GET', path }: HttpReadRequest,
  failures: readonly string[],
): OperatorError {
  return createEngineError('SUBJECT_UNREACHABLE', {
    message: `No endpoint of the system answers ${method} ${path}: ${failures.join('; ')}.`,
    remedy: 'Check that the system is up and reachable from this machine, then try again.',
    facts: { method, path, endpoints: [...failures] },
    retryable: true,
  });
}

function createOtherProtocol(protocol: string): OperatorError {
  return createMisbehaved('the call of HttpClient.send', [`a request of ${protocol} is no HTTP`]);
}
