import type {
  OperatorError,
  Plan,
  PlannedRequest,
  Refusal,
  SendResult,
  Verification,
} from 'operator-core';

/**
 * How a run ended.
 *
 * - `accepted`: the system took every request, and nobody waited for the effect
 * - `succeeded`: the effect was seen and has settled
 * - `ineffective`: the system took it, but the effect did not come or was taken back
 * - `failed`: the system said no, or a request certainly never reached it
 * - `unknown`: the effect was not seen, and reading cannot tell whether it will come
 * - `interrupted`: the caller ended it after sending had begun
 */
export const RUN_STATES = [
  'accepted',
  'succeeded',
  'ineffective',
  'failed',
  'unknown',
  'interrupted',
] as const;

/** See {@link RUN_STATES}. */
export type RunState = (typeof RUN_STATES)[number];

/** What became of one request of the plan; `null` when sending it was never begun. */
export interface RequestOutcome {
  readonly request: PlannedRequest;
  readonly result: SendResult | null;
}

/** What a run came to. Once sending has begun a run always ends in one of these and never throws. */
export interface RunResult {
  readonly runId: string;
  readonly state: RunState;
  /** One sentence. */
  readonly summary: string;
  readonly plan: Plan;
  readonly requests: readonly RequestOutcome[];
  /** Whether an answer was lost, so that only reading could tell what happened. */
  readonly answerLost: boolean;
  /** The last look at the effect, or `null` when nobody looked or nothing could be seen. */
  readonly verification: Verification | null;
  /** The system's own refusal in the plugin's words, or `null`. */
  readonly refusal: Refusal | null;
  /** RFC 3339, UTC. */
  readonly sentAt: string;
  readonly endedAt: string;
  /** Milliseconds from sending to the end. */
  readonly elapsedMs: number;
  /** `null` for `accepted` and `succeeded`. */
  readonly error: OperatorError | null;
}

/** What looking for an effect came to, without a run. */
export interface VerifyResult {
  readonly state: 'succeeded' | 'ineffective' | 'unknown' | 'interrupted';
  readonly summary: string;
  readonly verification: Verification | null;
  readonly elapsedMs: number;
  /** `null` for `succeeded`. */
  readonly error: OperatorError | null;
}
