import type { JsonValue } from '../json/json.ts';
import type { OrUnknown } from './unknown-value.ts';

/**
 * Unit in which a number is read and shown to people. Documents always carry the plain number in this
 * unit.
 *
 * `time` is an RFC 3339 text, `milliseconds` and `seconds` are durations, `ratio` is 0 to 1.
 */
export const UNITS = [
  'count',
  'bytes',
  'bytes_per_second',
  'per_second',
  'milliseconds',
  'seconds',
  'ratio',
  'time',
] as const;

/** See {@link UNITS}. */
export type Unit = (typeof UNITS)[number];

/** One thing that was read from the system. */
export interface Fact {
  /** Name of the reading, as entity and attribute: `queue:mail paused`. Unique within its list. */
  readonly name: string;
  /** Value that was read. Compared by canonical JSON when it is bound. */
  readonly value: OrUnknown<JsonValue>;
  /** The unit, where the value is a number or a time. */
  readonly unit?: Unit;
}

/** Amount of something that a plan touches. */
export interface Quantity {
  /** Unit: `queues`, `waiting jobs`. */
  readonly name: string;
  readonly value: OrUnknown<number>;
  readonly unit: Unit;
}
