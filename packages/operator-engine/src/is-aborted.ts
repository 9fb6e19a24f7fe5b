/**
 * True when a signal has ended. A function, because a signal changes behind the compiler's back, which
 * takes two looks at the same property for one.
 */
export function isAborted(signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true;
}
