/**
 * Carries events from code that runs by itself to a generator that is asked for them. The code that emits
 * waits until the event was taken and the next one asked for.
 */
export class EventChannel<Event> {
  readonly #waiting: { event: Event; settle: (wasTaken: boolean) => void }[] = [];
  #wake: () => void = () => undefined;
  #isClosed = false;

  /** Passes an event on. Resolves to `true` when it was handled, `false` when there is no listener any more. */
  async emit(event: Event): Promise<boolean> {
    if (this.#isClosed) return false;
    const { promise, resolve } = Promise.withResolvers<boolean>();
    this.#waiting.push({ event, settle: resolve });
    this.#wake();
    return promise;
  }

  /** No more events will come, or be taken. */
  close(): void {
    this.#isClosed = true;
    this.#wake();
  }

  /** Every event until the channel is closed. */
  async *events(): AsyncGenerator<Event, void> {
    try {
      for (;;) {
        const [next] = this.#waiting;
        if (next !== undefined) {
          yield next.event;
          this.#waiting.shift()?.settle(true);
        } else if (this.#isClosed) {
          return;
        } else {
          await this.#sleep();
        }
      }
    } finally {
      this.close();
      for (const { settle } of this.#waiting.splice(0)) settle(false);
    }
  }

  async #sleep(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    this.#wake = () => {
      resolve(undefined);
    };
    await promise;
  }
}
