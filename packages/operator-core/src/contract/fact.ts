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

/**
 * Numbers that a bound fact may have when the plan is applied, for a value that moves by itself. At least one member;
 * every member that is there must hold, for the planned value too. A constant of the action, never made from the value.
 */
export interface Tolerance {
  readonly atLeast?: number;
  readonly atMost?: number;
  /** Greatest difference from the planned value; `{ ratio }`: as a share of the planned value, 0.1 for a tenth. */
  readonly within?: number | { readonly ratio: number };
}

/** One thing that was read from the system. */
export interface Fact {
  /** Name of the reading, as entity and attribute: `queue:mail paused`. Unique within its list. */
  readonly name: string;
  /** Value that was read. Compared by canonical JSON when it is bound, unless it has a tolerance. */
  readonly value: OrUnknown<JsonValue>;
  /** The unit, where the value is a number or a time. */
  readonly unit?: Unit;
  /** Tolerance of a bound number; no other fact has one. Default: any other value makes the plan stale. */
  readonly tolerance?: Tolerance;
}

/** Amount of something that a plan touches. */
export interface Quantity {
  /** Unit: `queues`, `waiting jobs`. */
  readonly name: string;
  readonly value: OrUnknown<number>;
  readonly unit: Unit;
}
