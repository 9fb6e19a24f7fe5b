import { isAborted } from '../is-aborted.ts';

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
