import type { JsonObject } from '../json/json.ts';

/** Progress of a countable effect. */
export interface Progress {
  /** Number of `total` that are done. */
  readonly done: number;
  readonly total: number;
  /** Unit, plural: `jobs`. */
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
 * State of an effect, judged by the physical state and not by what the system says it did.
 *
 * - `pending`: not there yet, may still come
 * - `reached`: there
 * - `failed`: not there, and the system has given it up
 * - `superseded`: not there, because another change has taken its place: it will not come, or not come back
 * - `unknown`: the system was read, and what it shows does not tell: it has just started, or a part of it does
 *   not answer. Never takes back what was seen before
 */
export interface Verification {
  readonly state: 'pending' | 'reached' | 'failed' | 'superseded' | 'unknown';
  /** One sentence: what was seen. */
  readonly summary: string;
  /** Readings that the state depends on. */
  readonly facts: JsonObject;
  /** Left out where nothing can be counted. */
  readonly progress?: Progress;
  /** The origin of a `reached` effect, where the system tells it. Default: it tells nothing. */
  readonly cause?: EffectCause;
  /**
   * The system's own records show that the effect was there and is not any more. Only beside `pending`, `failed` and `superseded`: what is
   * absent now need not have been absent ever. Default: they do not show it.
   */
  readonly wasReached?: true;
}
