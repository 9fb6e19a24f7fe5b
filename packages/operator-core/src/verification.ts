import type { JsonObject } from './json.ts';

/** How far a countable effect has come. */
export interface Progress {
  /** How many of `total` are done. */
  readonly done: number;
  readonly total: number;
  /** What is counted, plural: `jobs`. */
  readonly of: string;
}

/**
 * What was seen of an effect, judged by the physical state and not by what the system says it did.
 *
 * - `pending`: not there yet, may still come
 * - `reached`: there
 * - `failed`: not there, and the system has given it up
 */
export interface Verification {
  readonly state: 'pending' | 'reached' | 'failed';
  /** One sentence: what was seen. */
  readonly summary: string;
  /** What was read that says so. */
  readonly facts: JsonObject;
  /** Left out where nothing can be counted. */
  readonly progress?: Progress;
}
