import { unknownBecause } from 'operator-core';
import type { CallOptions, OrUnknown } from 'operator-core';

/**
 * The value of a read, or why it could not be read: one part that fails must not take the whole with
 * it. Rejects only with the reason of an aborted signal.
 */
export async function orUnknown<Value>(
  reading: Promise<Value>,
  options: CallOptions,
): Promise<OrUnknown<Value>> {
  try {
    return await reading;
  } catch (error) {
    if (options.signal?.aborted === true) throw error;
    return unknownBecause(error instanceof Error ? error.message : String(error));
  }
}

/** A value that PD may leave out, or the reason why it is absent. */
export function known<Value>(value: Value | null | undefined, reason: string): OrUnknown<Value> {
  return value === null || value === undefined ? unknownBecause(reason) : value;
}
