import type { OperatorError } from 'operator-core';
import type { Dispatcher } from 'undici';
import { describeCause } from '../errors/describe-cause.ts';
import type { ExchangeRecorder } from './exchange-recorder.ts';
import type { WritePermit } from './write-permit.ts';

type Handler = Dispatcher.DispatchHandler;
type Call<Name extends keyof Handler> = Parameters<NonNullable<Handler[Name]>>;

/** Permit and callbacks of a watched handler. */
export interface Watch {
  /** The permit of a changing request, or `null` for a read. */
  readonly permit: WritePermit | null;
  /** The error for a request that starts when its permit has ended. */
  readonly deny: (end: WritePermit['end']) => OperatorError;
  /** Called when an answer with a status of success begins; `null`: not called. */
  readonly onAnswer: (() => void) | null;
  readonly recorder: ExchangeRecorder | null;
}

/** Passes everything on to the caller's handler, and keeps permit and record. */
export class WatchedHandler implements Handler {
  readonly #handler: Handler;
  readonly #watch: Watch;

  constructor(handler: Handler, watch: Watch) {
    this.#handler = handler;
    this.#watch = watch;
  }

  onRequestStart(...[controller, context]: Call<'onRequestStart'>): void {
    const { permit, deny } = this.#watch;
    this.#handler.onRequestStart?.(controller, context);
    if (permit === null || controller.aborted) return;
    // undici is about to write. A request that it took up a second time ends here.
    if (!permit.start()) controller.abort(deny(permit.end));
  }

  onRequestUpgrade(...call: Call<'onRequestUpgrade'>): void {
    this.#handler.onRequestUpgrade?.(...call);
  }

  onResponseStarted(): void {
    this.#handler.onResponseStarted?.();
  }

  onBodySent(...call: Call<'onBodySent'>): void {
    this.#handler.onBodySent?.(...call);
  }

  onRequestSent(): void {
    this.#handler.onRequestSent?.();
  }

  onResponseStart(...call: Call<'onResponseStart'>): void {
    const status = call[1];
    if (status >= 200 && status < 300) this.#watch.onAnswer?.();
    this.#watch.recorder?.answered(status);
    this.#handler.onResponseStart?.(...call);
  }

  onResponseData(...call: Call<'onResponseData'>): void {
    this.#watch.recorder?.received(call[1]);
    this.#handler.onResponseData?.(...call);
  }

  onResponseEnd(...call: Call<'onResponseEnd'>): void {
    this.#watch.recorder?.end(null);
    this.#handler.onResponseEnd?.(...call);
  }

  onResponseError(...[controller, error]: Call<'onResponseError'>): void {
    this.#watch.permit?.giveBack();
    this.#watch.recorder?.end(describeCause(error));
    this.#handler.onResponseError?.(controller, error);
  }
}
