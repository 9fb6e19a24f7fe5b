import { joinSignals, withinTime } from '../base/signals.ts';

/** Runs that go on in this process whether their events are read or not. */
export class DetachedRuns {
  readonly #driven = new Map<Promise<unknown>, string>();
  #stop = new AbortController();

  /**
   * Drives the steps of a run to their end. `onEvent` takes each event and is not waited for. The steps end early with
   * `signal`, or when all are closed. A failure that no caller looks at is no error of the process.
   */
  drive<Event, Result>(
    run: { readonly id: string; readonly signal?: AbortSignal | undefined },
    begin: (signal: AbortSignal) => AsyncGenerator<Event, Result>,
    onEvent: (event: Event) => void = () => undefined,
  ): Promise<Result> {
    const done = pump(begin(joinSignals(run.signal, this.#stop.signal)), onEvent);
    this.#driven.set(done, run.id);
    const forget = (): void => {
      this.#driven.delete(done);
    };
    done.then(forget, forget);
    return done;
  }

  /** Interrupts all, and waits until they have let go of their runs, or for `limitMs`. Gives the ids of the runs. */
  async close(limitMs: number): Promise<readonly string[]> {
    const driven = [...this.#driven];
    this.#stop.abort();
    this.#stop = new AbortController();
    if (driven.length === 0) return [];
    await withinTime(Promise.allSettled(driven.map(([done]) => done)), { limitMs });
    return [...new Set(driven.map(([, id]) => id))];
  }
}

async function pump<Event, Result>(
  steps: AsyncGenerator<Event, Result>,
  onEvent: (event: Event) => void,
): Promise<Result> {
  for (;;) {
    const next = await steps.next();
    if (next.done === true) return next.value;
    onEvent(next.value);
  }
}
