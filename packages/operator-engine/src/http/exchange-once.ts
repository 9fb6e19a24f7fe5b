import type { HttpAnswer } from 'operator-core';
import type { Dispatcher } from 'undici';
import type { GuardedDispatcher } from './guarded-dispatcher.ts';

/** One request to one endpoint. */
export interface OneRequest {
  readonly origin: string;
  readonly method: Dispatcher.HttpMethod;
  /** Path and query. */
  readonly path: string;
  readonly body: Buffer | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly signal: AbortSignal | undefined;
}

/**
 * Sends one request and collects its answer. By the dispatcher itself, because programs that start often carry a part of
 * undici only. Rejects with the signal's reason as soon as it ends; what has not started by then never does.
 */
export async function exchangeOnce(
  dispatcher: GuardedDispatcher,
  { signal, ...request }: OneRequest,
): Promise<HttpAnswer> {
  signal?.throwIfAborted();
  const collector = new Collector(request.origin, signal);
  // The time that an answer may take is the host's decision, and a part of the plan.
  dispatcher.dispatch({ ...request, headersTimeout: 0, bodyTimeout: 0 }, collector);
  return collector.answer;
}

type Call<Name extends keyof Dispatcher.DispatchHandler> = Parameters<
  NonNullable<Dispatcher.DispatchHandler[Name]>
>;

class Collector implements Dispatcher.DispatchHandler {
  readonly answer: Promise<HttpAnswer>;
  readonly #origin: string;
  readonly #signal: AbortSignal | undefined;
  readonly #chunks: Buffer[] = [];
  #status = 0;
  #controller: Dispatcher.DispatchController | null = null;
  #resolve: (answer: HttpAnswer) => void = () => {};
  #reject: (reason: Error) => void = () => {};

  constructor(origin: string, signal: AbortSignal | undefined) {
    this.#origin = origin;
    this.#signal = signal;
    this.answer = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    signal?.addEventListener('abort', this.#onAbort, { once: true });
  }

  onRequestStart(...[controller]: Call<'onRequestStart'>): void {
    this.#controller = controller;
    if (this.#signal?.aborted === true) controller.abort(this.#reason);
  }

  onResponseStart(...[, status]: Call<'onResponseStart'>): void {
    this.#status = status;
  }

  onResponseData(...[, chunk]: Call<'onResponseData'>): void {
    // Copied, because undici uses the memory of a chunk again.
    this.#chunks.push(Buffer.from(chunk));
  }

  onResponseEnd(): void {
    this.#release();
    const body = Buffer.concat(this.#chunks).toString('utf8');
    this.#resolve({ status: this.#status, body, origin: this.#origin });
  }

  onResponseError(...[, error]: Call<'onResponseError'>): void {
    this.#release();
    this.#reject(error);
  }

  readonly #onAbort = (): void => {
    this.#controller?.abort(this.#reason);
    this.#reject(this.#reason);
  };

  get #reason(): Error {
    const reason: unknown = this.#signal?.reason;
    return reason instanceof Error ? reason : new Error(String(reason));
  }

  #release(): void {
    this.#signal?.removeEventListener('abort', this.#onAbort);
  }
}
