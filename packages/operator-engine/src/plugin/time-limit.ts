import { isAborted } from '../is-aborted.ts';

/** Marks that a limit of time has passed. */
export const TIMED_OUT: unique symbol = Symbol('timed out');

/**
 * Waits for `work`, but no longer than `limitMs` and not after `signal`: then gives `TIMED_OUT`, or
 * rejects with the signal's reason. The work itself cannot be stopped; what it comes to later is dropped.
 */
export async function withinTime<Value>(
  work: Promise<Value>,
  options: { limitMs: number; signal?: AbortSignal | undefined },
): Promise<Value | typeof TIMED_OUT> {
  const { promise: ended, resolve, reject } = Promise.withResolvers<typeof TIMED_OUT>();
  const { signal, limitMs } = options;
  const onAbort = (): void => {
    reject(signal?.reason);
  };
  const timer = setTimeout(() => {
    resolve(TIMED_OUT);
  }, limitMs);
  signal?.addEventListener('abort', onAbort, { once: true });
  if (isAborted(signal)) onAbort();
  try {
    return await Promise.race([work, ended]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
    // A race leaves the loser's failure unheard.
    work.catch(() => undefined);
  }
}

/** Waits for `work`, but not after `signal`: then gives `null`. */
export async function untilAborted<Value>(
  work: Promise<Value>,
  signal: AbortSignal | undefined,
): Promise<Value | null> {
  if (signal === undefined) return work;
  const { promise: ended, resolve } = Promise.withResolvers<null>();
  const onAbort = (): void => {
    resolve(null);
  };
  signal.addEventListener('abort', onAbort, { once: true });
  if (isAborted(signal)) onAbort();
  try {
    return await Promise.race([ended, work]);
  } finally {
    signal.removeEventListener('abort', onAbort);
    work.catch(() => undefined);
  }
}
