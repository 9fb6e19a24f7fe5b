import { createMisbehaved, isOrigin } from 'operator-core';
import type { HttpDispatcher, HttpOptions } from 'operator-core';
import type { Dispatcher } from 'undici';
import { toCurrentHandler } from './current-handler.ts';
import { ExchangeRecorder } from './exchange-recorder.ts';
import { withDefaultHeaders } from './header-list.ts';
import type { ExchangeObserver } from './http-exchange.ts';
import { LazyAgent, noController } from './lazy-agent.ts';
import { WatchedHandler } from './watched-handler.ts';
import type { WriteGuard } from './write-guard.ts';
import type { RequestLine } from './write-permit.ts';

/** Dispatcher of a plugin: everything it sends passes the guard first. */
export class GuardedDispatcher implements HttpDispatcher {
  readonly #agent: LazyAgent;
  readonly #guard: WriteGuard;
  readonly #headers: Readonly<Record<string, string>>;
  /** `null`: any. */
  readonly #origins: readonly string[] | null;
  readonly #observer: ExchangeObserver | undefined;

  /** Throws `PLUGIN_MISBEHAVED` for headers without origins, and for an origin that is none. */
  constructor(
    options: HttpOptions,
    host: { guard: WriteGuard; observer: ExchangeObserver | undefined },
  ) {
    const { origins = null } = options;
    checkOptions(options);
    this.#agent = new LazyAgent(options);
    this.#origins = origins === null ? null : [...origins];
    this.#headers = { ...options.headers };
    this.#guard = host.guard;
    this.#observer = host.observer;
  }

  dispatch(given: object, givenHandler: object): boolean {
    const handler = toCurrentHandler(givenHandler);
    if (isOldRequest(given, givenHandler)) {
      handler.onResponseError?.(noController, this.#guard.explainVersion());
      return true;
    }
    // A copy, so that what was admitted is what is sent, whatever the caller does meanwhile.
    const options = { ...(given as Dispatcher.DispatchOptions) };
    const line = toLine(options);
    Object.assign(options, { method: line.method, path: line.path, query: undefined });
    const admission = this.#admit(options, line);
    if (admission.kind === 'denied') {
      handler.onResponseError?.(noController, admission.error);
      return true;
    }
    // The origin that was judged is the one that is asked.
    if (line.origin !== '') options.origin = line.origin;
    if (line.body) options.body = line.body;
    options.headers = withDefaultHeaders(options.headers, this.#headers) as string[];
    const watched = new WatchedHandler(handler, {
      permit: admission.kind === 'write' ? admission.permit : null,
      deny: (end) =>
        end === null
          ? this.#guard.deny(line)
          : this.#guard.expire(`${line.method} ${line.path}`, end),
      onAnswer: admission.kind === 'read' ? () => this.#guard.answered(line.origin) : null,
      recorder: this.#record(line),
    });
    return this.#agent.dispatch(options, watched);
  }

  async close(): Promise<void> {
    await this.#agent.close();
  }

  async destroy(): Promise<void> {
    await this.#agent.destroy();
  }

  #admit(options: Dispatcher.DispatchOptions, line: RequestLine): ReturnType<WriteGuard['admit']> {
    // An upgraded connection is a raw socket: anything could be written on it.
    if (options.upgrade) return { kind: 'denied', error: this.#guard.deny(line) };
    const origins = this.#origins;
    if (origins !== null && !origins.includes(line.origin)) {
      return { kind: 'denied', error: this.#guard.denyOrigin(line, origins) };
    }
    return this.#guard.admit(line);
  }

  #record(line: RequestLine): ExchangeRecorder | null {
    if (this.#observer === undefined) return null;
    return new ExchangeRecorder(this.#observer, { ...line, url: `${line.origin}${line.path}` });
  }
}

/** True for the `request` of undici up to 7: only its own dispatchers understand what it hands over. */
function isOldRequest(options: object, handler: object): boolean {
  return 'dispatcher' in options && !('onRequestStart' in handler);
}

function checkOptions({ origins, headers = {} }: HttpOptions): void {
  const wrong = (origins ?? []).filter((origin) => !isOrigin(origin));
  const issues = wrong.map((origin) => `${JSON.stringify(origin)} is no origin`);
  if (origins === undefined && Object.keys(headers).length > 0) {
    issues.push('headers need `origins`: which servers they are for');
  }
  if (issues.length > 0) throw createMisbehaved('the options of openHttp', issues);
}

function toLine(options: Dispatcher.DispatchOptions): RequestLine {
  const { method, path, query } = options;
  const search = query ? `?${new URLSearchParams(query).toString()}` : '';
  return {
    method: String(method),
    origin: toOrigin(options),
    path: `${path}${search}`,
    body: toBytes(options.body),
  };
}

function toBytes(body: Dispatcher.DispatchOptions['body']): RequestLine['body'] {
  if (body === null || body === undefined) return null;
  if (typeof body === 'string') return Buffer.from(body, 'utf8');
  return body instanceof Uint8Array ? Buffer.from(body) : undefined;
}

function toOrigin({ origin }: Dispatcher.DispatchOptions): string {
  const text = String(origin ?? '');
  return URL.canParse(text) ? new URL(text).origin : text;
}
