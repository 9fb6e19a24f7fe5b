/** Waits, unless one of the signals ends it: then it rejects with that signal's reason. */
export function wait(milliseconds: number, signals: readonly AbortSignal[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      stop();
      resolve();
    }, milliseconds);
    // A signal that is aborted already calls back at once.
    const stop = onAbort(signals, (reason) => {
      clearTimeout(timer);
      reject(reason);
    });
  });
}

/** The promise's outcome, unless one of the signals ends the waiting: then that signal's reason. */
export function orAborted<Value>(
  promise: Promise<Value>,
  signals: readonly AbortSignal[],
): Promise<Value> {
  return new Promise((resolve, reject) => {
    const stop = onAbort(signals, reject);
    void promise.then(resolve, reject).finally(stop);
  });
}

/** Calls back at most once, at once if a signal is aborted already. Returns how to stop listening. */
function onAbort(signals: readonly AbortSignal[], callback: (reason: unknown) => void): () => void {
  const listeners = new AbortController();
  const listen = (signal: AbortSignal): void => {
    const abort = (): void => {
      listeners.abort();
      callback(signal.reason);
    };
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true, signal: listeners.signal });
  };
  for (const signal of signals) if (!listeners.signal.aborted) listen(signal);
  return () => listeners.abort();
}
