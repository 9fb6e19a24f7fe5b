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

/** What a plugin holds as its HTTP: everything it sends passes the guard first. */
export class GuardedDispatcher implements HttpDispatcher {
  readonly #agent: LazyAgent;
  readonly #guard: WriteGuard;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #observer: ExchangeObserver | undefined;

  constructor(
    options: HttpOptions,
    host: { guard: WriteGuard; observer: ExchangeObserver | undefined },
  ) {
    this.#agent = new LazyAgent(options.tls);
    this.#headers = { ...options.headers };
    this.#guard = host.guard;
    this.#observer = host.observer;
  }

  dispatch(given: object, givenHandler: object): boolean {
    const handler = toCurrentHandler(givenHandler);
    // A copy, so that what was admitted is what is sent, whatever the caller does meanwhile.
    const options = { ...(given as Dispatcher.DispatchOptions) };
    const line = toLine(options);
    Object.assign(options, { method: line.method, path: line.path, query: undefined });
    const admission = this.#admit(options, line);
    if (admission.kind === 'denied') {
      handler.onResponseError?.(noController, admission.error);
      return true;
    }
    if (line.body) options.body = line.body;
    options.headers = withDefaultHeaders(options.headers, this.#headers) as string[];
    const watched = new WatchedHandler(handler, {
      permit: admission.kind === 'write' ? admission.permit : null,
      deny: (end) => (end === null ? this.#guard.deny(line) : this.#guard.expire(line, end)),
      recorder: this.#record(options, line),
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
    return this.#guard.admit(line);
  }

  #record(options: Dispatcher.DispatchOptions, line: RequestLine): ExchangeRecorder | null {
    if (this.#observer === undefined) return null;
    return new ExchangeRecorder(this.#observer, { ...line, url: toUrl(options, line.path) });
  }
}

function toLine(options: Dispatcher.DispatchOptions): RequestLine {
  const { method, path, query } = options;
  const search = query ? `?${new URLSearchParams(query).toString()}` : '';
  return { method: String(method), path: `${path}${search}`, body: toBytes(options.body) };
}

function toBytes(body: Dispatcher.DispatchOptions['body']): RequestLine['body'] {
  if (body === null || body === undefined) return null;
  if (typeof body === 'string') return Buffer.from(body, 'utf8');
  return body instanceof Uint8Array ? Buffer.from(body) : undefined;
}

function toUrl({ origin }: Dispatcher.DispatchOptions, path: string): string {
  const text = String(origin ?? '');
  return `${URL.canParse(text) ? new URL(text).origin : text}${path}`;
}
