/**
 * A value that could not be read. It is data, so that it reaches the screen and every JSON document
 * instead of turning into a zero on the way.
 */
export interface Unknown {
  /** Reason for which the value could not be read, as a phrase for people: `Prometheus is not configured`. */
  readonly unknown: string;
}

/** A value that is either known or says why it is not. Missing is not zero. */
export type OrUnknown<Value> = Value | Unknown;

/** Makes an {@link Unknown} with its reason. */
export function unknownBecause(reason: string): Unknown {
  return { unknown: reason };
}

/** True when `value` is an {@link Unknown}: an object whose only member is a textual `unknown`. */
export function isUnknown(value: unknown): value is Unknown {
  if (typeof value !== 'object' || value === null || !('unknown' in value)) return false;
  return typeof value.unknown === 'string' && Object.keys(value).length === 1;
}
