import { isAborted } from '../../base/signals.ts';
import type { Journal } from './journal.ts';
import type { StopCause } from './stop-cause.ts';

/**
 * Polls the ledger while the owner of a run polls the system: the run may have been cancelled or taken
 * over.
 */
export class SignalPoller implements Disposable {
  readonly #stop = new AbortController();
  readonly #journal: Journal;
  readonly #caller: AbortSignal | undefined;
  readonly #endsOnCancel: boolean;
  readonly #timer: NodeJS.Timeout;
  readonly #onAbort = (): void => {
    this.#end({ kind: 'caller' });
  };
  #cause: StopCause | null = null;
  #isLooking = false;

  constructor(
    journal: Journal,
    options: { signal: AbortSignal | undefined; everyMs: number; endsOnCancel: boolean },
  ) {
    this.#journal = journal;
    this.#caller = options.signal;
    this.#endsOnCancel = options.endsOnCancel;
    this.#timer = setInterval(() => void this.#look(), options.everyMs);
    this.#caller?.addEventListener('abort', this.#onAbort, { once: true });
    if (isAborted(this.#caller)) this.#onAbort();
  }

  /** Aborts when the owner must stop looking. */
  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  /** Reason to stop; `null`: none so far. */
  get cause(): StopCause | null {
    return this.#cause;
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    this.#caller?.removeEventListener('abort', this.#onAbort);
  }

  async #look(): Promise<void> {
    if (this.#isLooking) return;
    this.#isLooking = true;
    try {
      const { isFenced, cancel } = await this.#journal.signals();
      if (isFenced) this.#end({ kind: 'fenced', run: null });
      else if (cancel !== null && this.#endsOnCancel) this.#end({ kind: 'cancelled', cancel });
    } catch {
      // A ledger that cannot be read now is ignored; the next write meets the error again.
    } finally {
      this.#isLooking = false;
    }
  }

  #end(cause: StopCause): void {
    this.#cause ??= cause;
    this.#stop.abort();
  }
}
