import { setMaxListeners } from 'node:events';
import type { JsonObject, OperatorError } from 'operator-core';
import { createEngineError } from '../errors/engine-error.ts';

/**
 * True when a signal has ended. A function, because a signal changes behind the compiler's back, which
 * takes two looks at the same property for one.
 */
export function isAborted(signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true;
}

/** `INTERRUPTED` before anything was sent. */
export function createInterrupted(what: string, facts: JsonObject = {}): OperatorError {
  return createEngineError('INTERRUPTED', {
    message: `Interrupted while ${what}. Nothing was sent.`,
    remedy: 'Start again when you are ready.',
    facts,
  });
}

/** Waits; `false` when the signal ended the wait. */
export async function pause(ms: number, signal: AbortSignal | undefined): Promise<boolean> {
  if (isAborted(signal)) return false;
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const onAbort = (): void => {
    resolve(false);
  };
  const timer = setTimeout(() => {
    resolve(true);
  }, ms);
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
  }
}

/**
 * One signal for a plugin that ends with either. A plugin may well have hundreds of requests listen to
 * it at the same time, which Node would warn of.
 */
export function joinSignals(first: AbortSignal | undefined, second: AbortSignal): AbortSignal {
  const joined = AbortSignal.any(first === undefined ? [second] : [first, second]);
  setMaxListeners(0, joined);
  return joined;
}

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
