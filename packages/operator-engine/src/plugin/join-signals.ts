import { setMaxListeners } from 'node:events';

/**
 * One signal for a plugin that ends with either. A plugin may well have hundreds of requests listen to
 * it at the same time, which Node would warn of.
 */
export function joinSignals(first: AbortSignal | undefined, second: AbortSignal): AbortSignal {
  const joined = AbortSignal.any(first === undefined ? [second] : [first, second]);
  setMaxListeners(0, joined);
  return joined;
}
