import type { ActionHints } from './action-hints.ts';
import type { JsonObject } from '../json/json.ts';
import type { AnyParametersSchema, InferParameters } from './parameters-schema.ts';
import type { Inverse, Plan, PlanOutcome } from './plan.ts';
import type { PlannedRequest } from './planned-request.ts';
import type { RiskLevel } from './risk-level.ts';
import type { SendResult } from './send-result.ts';
import type { Subject } from './subject.ts';
import type { Verification } from './verification.ts';

/** Argument of an action's `plan`. */
export interface PlanContext<Parameters, S> {
  /** Validated, with defaults applied. */
  readonly parameters: Parameters;
  /** Reads only: HTTP that changes something fails with `WRITE_WHILE_READING`. */
  readonly subject: S;
  /** Ends when the caller has given up or the host's time is over. */
  readonly signal: AbortSignal;
}

/** Argument of an action's `verify`. */
export interface VerifyContext<Parameters, S> {
  /** Validated, with defaults applied. */
  readonly parameters: Parameters;
  /** The plan that was sent, or `null` when only the effect is looked for. */
  readonly plan: Plan | null;
  /** The `context` of the plan; `null` without a plan, and where its draft gave none. */
  readonly context: JsonObject | null;
  /** Values that were captured from the answers, by name. Empty without any. */
  readonly captured: Readonly<Record<string, string>>;
  /** Start of sending, milliseconds since the epoch, or `null` when nothing was sent. */
  readonly sentAt: number | null;
  /**
   * True when the answer to a request was lost. The system may then never have received the request, or may
   * still receive it: absence of the effect says less than after an accepted request.
   */
  readonly answerLost: boolean;
  /** Reads only, as in `plan`. */
  readonly subject: S;
  /** Ends when the caller has given up or the host's time is over. */
  readonly signal: AbortSignal;
}

/** Argument of an action's own `execute`. */
export interface ExecuteContext {
  readonly plan: Plan;
  /** Ends when the caller has given up or the host's time is over: nothing new may begin then. */
  readonly signal: AbortSignal;
  /** Sends one of the plan's requests. Anything else, or the same one again, is refused by the host. */
  readonly send: (request: PlannedRequest) => Promise<SendResult>;
}

/** Argument of an action's `cancel`. */
export interface CancelContext<Parameters> {
  readonly parameters: Parameters;
  /** The plan that was sent. */
  readonly plan: Plan;
  /** The `context` of the plan; `null` where its draft gave none. */
  readonly context: JsonObject | null;
  /** Captured values, as in {@link VerifyContext}. */
  readonly captured: Readonly<Record<string, string>>;
}

/** A named, typed change, as an author writes it. */
export interface Action<Schema extends AnyParametersSchema = AnyParametersSchema, S = Subject> {
  /** snake_case, verb and object, unique in the plugin. */
  readonly name: string;
  /** One sentence, imperative. */
  readonly description: string;
  /** The least risk of its plans; a draft may say more, never less. */
  readonly riskLevel: RiskLevel;
  /** True when a person must consent even if no policy requires it. Policy can require more, never less. */
  readonly requiresApproval: boolean;
  /** Default: not idempotent, and destructive. */
  readonly hints?: ActionHints;
  /** A strict object schema in which every member has a description. */
  readonly parameters: Schema;
  /**
   * Reads the system and drafts the change. The host calls it a second time immediately before
   * sending: a bound fact or a request that differs then makes the plan stale.
   */
  plan(context: PlanContext<InferParameters<Schema>, S>): Promise<PlanOutcome>;
  /** Looks once whether the effect is there. Polled by the host until the plan's deadline. */
  verify(context: VerifyContext<InferParameters<Schema>, S>): Promise<Verification>;
  /**
   * Sends the plan's requests in another way than one after the other. Left out by nearly every
   * action. It cannot send anything that is not in the plan.
   */
  execute?(context: ExecuteContext): Promise<readonly SendResult[]>;
  /**
   * Names the action that makes the system stop its unfinished work of this one, or says that
   * there is none. Reads nothing. Default: the inverse of a standing effect, else none.
   */
  cancel?(context: CancelContext<InferParameters<Schema>>): Inverse;
}
