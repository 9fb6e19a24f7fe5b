import type {
  OperatorError,
  Plan,
  TargetedRequest,
  Refusal,
  SendResult,
  Verification,
} from 'operator-core';
import type { RunCondition } from '../ledger/run-condition.ts';
import type { Lease } from '../ledger/lease.ts';
import type { RunState } from '../ledger/run-state.ts';

/** Result of one request of the plan; `null` when its sending never began. */
export interface RequestOutcome {
  readonly request: TargetedRequest;
  readonly result: SendResult | null;
}

/** Result of a run. After sending has begun, a run always returns a result and never throws. */
export interface RunResult {
  readonly runId: string;
  /**
   * State that the ledger has. `verifying` without an error: the system took it, and the caller did not wait for the
   * effect; with one, the caller ended the waiting.
   */
  readonly state: RunState;
  /** One sentence. */
  readonly summary: string;
  readonly plan: Plan;
  readonly requests: readonly RequestOutcome[];
  /** True when an answer was lost, so that only reading could tell what happened. */
  readonly answerLost: boolean;
  /** The last look at the effect, or `null` when there was no look or nothing could be seen. */
  readonly verification: Verification | null;
  /** The system's own refusal in the plugin's words, or `null`. */
  readonly refusal: Refusal | null;
  /** RFC 3339, UTC; `null` when nothing was sent. */
  readonly sentAt: string | null;
  readonly endedAt: string;
  /** Milliseconds from sending to the end; 0 when nothing was sent. */
  readonly elapsedMs: number;
  /** The lease of the standing effect, or `null` where there is none. */
  readonly lease: Lease | null;
  /** The condition of `--until`, with its readings; `null`: none. */
  readonly condition: RunCondition | null;
  /** `null` when it was accepted without waiting, and when it succeeded and its condition holds. */
  readonly error: OperatorError | null;
}

/** Result of verifying an effect without a run. */
export interface VerifyResult {
  readonly state: 'succeeded' | 'ineffective' | 'unknown' | 'interrupted';
  readonly summary: string;
  readonly verification: Verification | null;
  readonly elapsedMs: number;
  /** `null` for `succeeded`. */
  readonly error: OperatorError | null;
}
