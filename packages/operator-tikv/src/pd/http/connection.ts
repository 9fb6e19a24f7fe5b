import { OperatorError } from 'operator-core';
import type { CallOptions, HttpDispatcher, TlsOptions } from 'operator-core';

import { createDispatcher } from './create-dispatcher.ts';
import { exchange } from './exchange.ts';
import type { ExchangeRequest, HttpAnswer, HttpFailure, OwnWords } from './exchange.ts';
import { errorCode } from './judge-failure.ts';
import type { Limits } from './judge-failure.ts';
import { PDError } from '../wire/pd-error.ts';
import { PD_API } from './requests.ts';

/** Options of every call of the client. */
export interface PDCallOptions extends CallOptions {
  /** Caller, for PD's audit log. Default: the client's. */
  readonly callerId?: string;
  /** Milliseconds for which a read is tried again while PD has no leader. Default: the client's. */
  readonly electionMs?: number;
  /** Milliseconds for one request. Default: the client's. */
  readonly timeoutMs?: number;
}

/** Options of a change. */
export interface PDChangeOptions extends PDCallOptions {
  /** Words of PD's about this change. Default: only those of its path. */
  readonly words?: OwnWords | undefined;
}

/** Options of {@link Connection}. */
interface ConnectionOptions extends Limits {
  readonly tls: TlsOptions | null;
  /** Used for everything and never closed; `null`: the connection creates its own when needed. */
  readonly dispatcher: HttpDispatcher | null;
  readonly callerId: string;
}

/** A request before it has headers. */
export interface PDRequest extends Omit<ExchangeRequest, 'headers'> {
  /** True when the server answers for itself and does not ask the leader. Only for values that every member has. */
  readonly isLocal?: boolean;
  /** See {@link PDChangeOptions}. */
  readonly words?: OwnWords | undefined;
}

/** Read of a path after `/pd/api/v1` that the server answers for itself. */
export function localRead(origin: string, path: string): PDRequest {
  return { origin, method: 'GET', path: PD_API + path, body: null, isLocal: true };
}

/** Sends single requests. Opens nothing before the first. */
export class Connection {
  readonly limits: Limits;
  readonly #options: ConnectionOptions;
  readonly #closing = new AbortController();
  #own: Promise<HttpDispatcher> | null = null;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    const { timeoutMs, maxBodyBytes, electionMs } = options;
    this.limits = { timeoutMs, maxBodyBytes, electionMs };
  }

  /** The limits of one call. */
  limitsOf({ timeoutMs, electionMs }: PDCallOptions): Limits {
    const { limits } = this;
    return {
      ...limits,
      timeoutMs: timeoutMs ?? limits.timeoutMs,
      electionMs: electionMs ?? limits.electionMs,
    };
  }

  /** The same call, with a time limit in milliseconds for each request. */
  within(mostMs: number, options: PDCallOptions): PDCallOptions {
    return { ...options, timeoutMs: Math.min(this.limitsOf(options).timeoutMs, mostMs) };
  }

  /** Signals that end a call: its own and the closing of the client. */
  signals(options: PDCallOptions): readonly AbortSignal[] {
    const closing = this.#closing.signal;
    return options.signal === undefined ? [closing] : [options.signal, closing];
  }

  /**
   * One attempt. Rejects with the signal's reason when it was aborted before anything was sent, with
   * `PD_CLIENT_CLOSED`, and with the error of a dispatcher that refuses to send.
   */
  async exchange(request: PDRequest, options: PDCallOptions): Promise<HttpAnswer | HttpFailure> {
    const signals = this.signals(options);
    for (const signal of signals) signal.throwIfAborted();
    const dispatcher = this.#options.dispatcher ?? (await this.#openOwn());
    const headers = this.#headers(request, options.callerId ?? this.#options.callerId);
    const limits = { ...this.limitsOf(options), signals };
    const result = await exchange(dispatcher, { ...request, headers }, limits);
    if (mustThrow(result)) throw result.cause;
    return result;
  }

  /** Ends requests under way with `PD_CLIENT_CLOSED` and releases the sockets. May be called twice. */
  async close(): Promise<void> {
    if (!this.#closing.signal.aborted) this.#closing.abort(closed());
    const own = await this.#own;
    await own?.destroy();
  }

  async #openOwn(): Promise<HttpDispatcher> {
    this.#own ??= createDispatcher(this.#options.tls);
    const own = await this.#own;
    this.#closing.signal.throwIfAborted();
    return own;
  }

  #headers(request: PDRequest, callerId: string): Record<string, string> {
    return {
      accept: 'application/json',
      ...(request.body === null ? {} : { 'content-type': 'application/json' }),
      // A server that is asked for its identity need not know the caller.
      ...(request.isLocal === true
        ? { 'pd-allow-follower-handle': 'true' }
        : { 'x-caller-id': callerId.replaceAll(/[^\x20-\x7e]/gu, '_').slice(0, 200) }),
    };
  }
}

function mustThrow(result: HttpAnswer | HttpFailure): result is HttpFailure {
  if (result.kind !== 'failure' || result.stage !== 'connecting') return false;
  if (result.reason === 'aborted' || OperatorError.isInstance(result.cause)) return true;
  // A request that cannot be written down is the caller's mistake and not PD's silence.
  return errorCode(result.cause) === 'UND_ERR_INVALID_ARG';
}

function closed(): PDError {
  return new PDError({ code: 'PD_CLIENT_CLOSED', message: 'the PD client is closed' });
}
