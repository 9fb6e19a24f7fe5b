import type { HttpDispatcher } from 'operator-core';

/** One HTTP request to one endpoint. */
export interface ExchangeRequest {
  readonly origin: string;
  readonly method: string;
  readonly path: string;
  readonly body: string | null;
  readonly headers: Readonly<Record<string, string>>;
}

/** Words of PD's about one change, besides those that its path has for all changes. */
export interface OwnWords {
  /** Whole texts with which PD refuses it before it has done anything; each is the source of a regular expression. */
  readonly refused: readonly string[];
}

/** Name of a request in errors, and words that its sender knows of PD's answer. */
export interface RequestLine extends Pick<ExchangeRequest, 'origin' | 'method' | 'path'> {
  readonly words?: OwnWords | undefined;
}

/** Limits of an exchange. */
interface ExchangeLimits {
  readonly timeoutMs: number;
  readonly maxBodyBytes: number;
  /** Any of them ends it. */
  readonly signals: readonly AbortSignal[];
}

/** A complete answer. */
export interface HttpAnswer {
  readonly kind: 'answer';
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** Failure of a request without a complete answer. */
export interface HttpFailure {
  readonly kind: 'failure';
  readonly reason: 'connection' | 'timeout' | 'aborted' | 'too_large';
  /**
   * Progress of the request: `connecting` certainly sent nothing, `sent` may have been executed, `answering`
   * broke off within the answer.
   */
  readonly stage: 'connecting' | 'sent' | 'answering';
  /** The error underneath; for `aborted` the signal's reason. */
  readonly cause: unknown;
}

type Settle = (result: HttpAnswer | HttpFailure) => void;

interface Controller {
  abort(reason: Error): void;
}

/** Sends one request and reads its whole answer. Never follows a redirect, never repeats. */
export function exchange(
  dispatcher: HttpDispatcher,
  request: ExchangeRequest,
  limits: ExchangeLimits,
): Promise<HttpAnswer | HttpFailure> {
  return new Promise((resolve) => {
    const handler = new Handler(limits, resolve);
    if (handler.isDone) return;
    const { origin, method, path, body, headers } = request;
    // The time limit is ours, over everything; undici's would count each phase on its own.
    const own = { headersTimeout: 0, bodyTimeout: 0 };
    try {
      dispatcher.dispatch({ origin, method, path, body, headers, ...own }, handler);
    } catch (error) {
      handler.onResponseError(null, error);
    }
  });
}

class Handler {
  readonly #limits: ExchangeLimits;
  readonly #settle: Settle;
  readonly #timer: NodeJS.Timeout;
  readonly #listeners: (readonly [AbortSignal, () => void])[] = [];
  readonly #chunks: Buffer[] = [];
  #size = 0;
  #status = 0;
  #headers: HttpAnswer['headers'] = {};
  #stage: HttpFailure['stage'] = 'connecting';
  #controller: Controller | null = null;
  isDone = false;

  constructor(limits: ExchangeLimits, settle: Settle) {
    this.#limits = limits;
    this.#settle = settle;
    this.#timer = setTimeout(() => this.#fail('timeout', null), limits.timeoutMs);
    for (const signal of limits.signals) this.#listen(signal);
  }

  onRequestStart(controller: Controller): void {
    // Aborting here, before undici has written a byte, is what makes `connecting` mean "not sent".
    if (this.isDone) controller.abort(new Error('given up before it was sent'));
    else {
      this.#controller = controller;
      this.#stage = 'sent';
    }
  }

  onResponseStart(_controller: Controller, status: number, headers: HttpAnswer['headers']): void {
    if (status < 200) return;
    this.#status = status;
    this.#headers = headers;
    this.#stage = 'answering';
    if (Number(headers['content-length']) > this.#limits.maxBodyBytes)
      this.#fail('too_large', null);
  }

  onResponseData(_controller: Controller, chunk: Buffer): void {
    if (this.isDone) return;
    this.#size += chunk.length;
    if (this.#size > this.#limits.maxBodyBytes) this.#fail('too_large', null);
    else this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    const body = Buffer.concat(this.#chunks).toString('utf8');
    this.#finish({ kind: 'answer', status: this.#status, headers: this.#headers, body });
  }

  onResponseError(_controller: Controller | null, error: unknown): void {
    this.#finish({ kind: 'failure', reason: 'connection', stage: this.#stage, cause: error });
  }

  #listen(signal: AbortSignal): void {
    if (this.isDone) return;
    const abort = (): void => this.#fail('aborted', signal.reason);
    if (signal.aborted) return abort();
    signal.addEventListener('abort', abort, { once: true });
    this.#listeners.push([signal, abort]);
  }

  #fail(reason: HttpFailure['reason'], cause: unknown): void {
    this.#finish({ kind: 'failure', reason, stage: this.#stage, cause });
    this.#controller?.abort(new Error(`given up: ${reason}`));
  }

  #finish(result: HttpAnswer | HttpFailure): void {
    if (this.isDone) return;
    this.isDone = true;
    clearTimeout(this.#timer);
    for (const [signal, abort] of this.#listeners) signal.removeEventListener('abort', abort);
    this.#chunks.length = 0;
    this.#settle(result);
  }
}
