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
 * The origin of an effect, as far as the system tells it.
 *
 * - `this_run`: the requests of the plan that is verified
 * - `another`: something else: another run, another operator, the system itself
 * - `unknown`: the system was asked and cannot tell
 */
export const EFFECT_CAUSES = ['this_run', 'another', 'unknown'] as const;

/** See {@link EFFECT_CAUSES}. */
export type EffectCause = (typeof EFFECT_CAUSES)[number];

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
  /** The origin of a `reached` effect, where the system tells it. Default: it tells nothing. */
  readonly cause?: EffectCause;
}
