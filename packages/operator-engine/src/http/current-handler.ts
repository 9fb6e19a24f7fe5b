import type { Dispatcher } from 'undici';

type Handler = Dispatcher.DispatchHandler;
type Call<Name extends keyof Handler> = Parameters<NonNullable<Handler[Name]>>;
type RawHeaders = Dispatcher.DispatchController['rawHeaders'];

/** The handler of undici up to 7, which the `fetch` of Node itself still has. */
interface LegacyHandler {
  onConnect?(abort: (reason: Error) => void, context: unknown): void;
  onUpgrade?(status: number, headers: RawHeaders, socket: unknown): void;
  onResponseStarted?(): void;
  onHeaders?(...answer: [number, RawHeaders, () => void, string | undefined]): boolean | void;
  onData?(chunk: Buffer): boolean | void;
  onComplete?(trailers: RawHeaders): void;
  onError?(error: Error): void;
  onBodySent?(chunk: Buffer): void;
  onRequestSent?(): void;
}

/** The handler as undici 8 speaks to it: without this, `fetch` would never hear of its answer. */
export function toCurrentHandler(given: object): Handler {
  return 'onRequestStart' in given ? (given as Handler) : new TranslatedHandler(given);
}

class TranslatedHandler implements Handler {
  readonly #legacy: LegacyHandler;

  constructor(legacy: LegacyHandler) {
    this.#legacy = legacy;
  }

  onRequestStart(...[controller, context]: Call<'onRequestStart'>): void {
    this.#legacy.onConnect?.((reason) => {
      controller.abort(reason);
    }, context);
  }

  onRequestUpgrade(...[controller, status, , socket]: Call<'onRequestUpgrade'>): void {
    this.#legacy.onUpgrade?.(status, controller.rawHeaders, socket);
  }

  onResponseStarted(): void {
    this.#legacy.onResponseStarted?.();
  }

  onBodySent(...call: Call<'onBodySent'>): void {
    this.#legacy.onBodySent?.(...call);
  }

  onRequestSent(): void {
    this.#legacy.onRequestSent?.();
  }

  onResponseStart(...[controller, status, , statusText]: Call<'onResponseStart'>): void {
    const resume = (): void => {
      controller.resume();
    };
    const goOn = this.#legacy.onHeaders?.(status, controller.rawHeaders, resume, statusText);
    if (goOn === false) controller.pause();
  }

  onResponseData(...[controller, chunk]: Call<'onResponseData'>): void {
    if (this.#legacy.onData?.(chunk) === false) controller.pause();
  }

  onResponseEnd(...[controller]: Call<'onResponseEnd'>): void {
    this.#legacy.onComplete?.(controller.rawTrailers);
  }

  onResponseError(...[, error]: Call<'onResponseError'>): void {
    this.#legacy.onError?.(error);
  }
}
