import type { Refusal } from './refusal.ts';

/**
 * Result of a request that changes the system.
 *
 * - `accepted`: the system took it. Not more: accepted is not done.
 * - `refused`: the system refused the request, and changed nothing.
 * - `not_sent`: it certainly never reached the system.
 * - `unknown`: it may or may not have taken effect; only reading can tell.
 */
export type SendResult =
  | {
      readonly outcome: 'accepted';
      /** The status of the answer, as HTTP has it. Left out by protocols without one. */
      readonly status?: number;
      /** The system's own words; may be empty. */
      readonly answer: string;
      /** Filled in by the host: values of the answer by the names of the request's `captures`. */
      readonly captured?: Readonly<Record<string, string>>;
    }
  | {
      readonly outcome: 'refused';
      /** Status of the answer, as above. */
      readonly status?: number;
      /** The system's own words. */
      readonly answer: string;
      /** The same answer in the plugin's list of refusals, where it is one of them. */
      readonly refusal?: Refusal;
      /**
       * The plugin knows the system's own words for this refusal: nothing was changed. Only needed with a
       * status of 408, 499 or 5xx, which a host takes for `unknown` without it. Default: not certain.
       */
      readonly certain?: true;
    }
  | {
      readonly outcome: 'not_sent' | 'unknown';
      /** The reason, as a phrase without a full stop. */
      readonly reason: string;
    };
