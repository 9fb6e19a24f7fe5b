import type { Fact, Quantity, Unit } from './fact.ts';
import type { JsonObject, JsonValue } from '../json/json.ts';
import type { PlannedRequest, TargetedRequest } from './planned-request.ts';
import type { Refusal } from './refusal.ts';
import type { RiskLevel } from './risk-level.ts';
import type { SystemIdentity } from './system-identity.ts';

/** Version of the plan document's shape. */
export const PLAN_FORMAT = 'operator.plan/1';

/** A change that the plan expects to see. */
export interface Effect {
  /** Resource that changes: `queue:mail`. */
  readonly resource: string;
  /** One phrase: `queue mail becomes paused`. */
  readonly description: string;
  /** The value now. Left out where there is no single one. */
  readonly before?: JsonValue;
  /** The value that is expected. */
  readonly after?: JsonValue;
  /** Unit of both values, where they are numbers or times. */
  readonly unit?: Unit;
}

/** Something the plan disturbs. Exclusive: no other disturbing plan may run on it at the same time. */
export interface ResourceClaim {
  /** `kind:id` without white space, or a bare kind for the whole: `queue:mail`, `queues`. */
  readonly resource: string;
  /** `exclusive` claims stand alone; `shared` ones stand beside each other. */
  readonly mode: 'shared' | 'exclusive';
  /**
   * `sent`: the claim ends when the system has accepted every request, so that watching the effect keeps no other
   * run waiting. Default: it ends with the run.
   */
  readonly until?: 'sent';
}

/**
 * Undo of the change: another action, or the reason for which there is none. Texts of the parameters may hold
 * `${captured:NAME}`, see `Capture`.
 */
export type Inverse =
  | { readonly action: string; readonly parameters: JsonObject }
  | { readonly none: string };

/** An effect that stays until it is removed. The host gives it an owner and an end. */
export interface StandingEffect {
  /** Name of the effect that stays: `pause`. */
  readonly name: string;
  /** Resource on which it stays: `queue:mail`. */
  readonly resource: string;
}

/** Readings of the planning. */
export interface Evidence {
  /** Facts that must still hold when the plan is applied. */
  readonly bound: readonly Fact[];
  /** Facts that only inform. */
  readonly shown: readonly Fact[];
}

/** Result of an action's `plan` when there is something to do. The host makes a {@link Plan} of it. */
export interface PlanDraft {
  readonly kind: 'draft';
  /** One sentence: what will be done to what. */
  readonly summary: string;
  /** Readings that the plan depends on. */
  readonly evidence: Evidence;
  /** Effects that must be seen afterwards. */
  readonly effects: readonly Effect[];
  /** Amounts that are touched. */
  readonly impact: readonly Quantity[];
  /** Things that do not stand in the way but that a person should know, as sentences. Default: none. */
  readonly warnings?: readonly string[];
  /** Sent in this order, each at most once; the next only when the one before was accepted. */
  readonly requests: readonly [PlannedRequest, ...PlannedRequest[]];
  /** Resources that the plan disturbs, at least one. Locks, cooldowns and policy use them. */
  readonly resources: readonly ResourceClaim[];
  /** The risk of this plan, where it is higher than the action's. A lower one is ignored. */
  readonly riskLevel?: RiskLevel;
  /** Undo of the plan. */
  readonly inverse: Inverse;
  /** Effect that stays in force after the run. Default: none. */
  readonly standingEffect?: StandingEffect;
  /** Milliseconds from sending until the effect must have come, 1 at least. From the system's own limits. */
  readonly deadlineMs: number;
  /** Milliseconds that the effect must hold before it counts as done. Default: 0. */
  readonly settleMs?: number;
  /**
   * Findings of the planning that `verify` and `cancel` are given: the system's id of the thing that a parameter
   * names, for instance. Another one at the re-check makes the plan stale. What a later undo needs stands in the
   * parameters of `inverse`. Default: none.
   */
  readonly context?: JsonObject;
}

/** Result of `plan` when the system is already as requested. */
export interface NothingToDo {
  readonly kind: 'nothing_to_do';
  /** One sentence: what is already so. */
  readonly summary: string;
  /** Readings that show it. */
  readonly facts: JsonObject;
}

/** Result of `plan` when the change cannot or must not be made. */
export interface Refused {
  readonly kind: 'refused';
  readonly refusal: Refusal;
  /** The standing effect that is in the way, if one is: the host says whose lease it is, and until when. */
  readonly standingEffect?: StandingEffect;
}

/** Everything that planning can come to. */
export type PlanOutcome = PlanDraft | NothingToDo | Refused;

/**
 * A plan as an immutable document: plain JSON, identified by its digest. What is not said here is as in
 * {@link PlanDraft}, with its defaults filled in.
 */
export interface Plan {
  readonly format: typeof PLAN_FORMAT;
  /** `sha256:` and 64 hex digits over the canonical JSON of everything else. */
  readonly digest: string;
  /** RFC 3339, UTC. */
  readonly createdAt: string;
  /** RFC 3339, UTC: from this time on the plan is refused. */
  readonly expiresAt: string;
  readonly subject: PlanSubject;
  /** Name of the action. */
  readonly action: string;
  /** Validated, with defaults applied. */
  readonly parameters: JsonObject;
  readonly summary: string;
  readonly evidence: Evidence;
  readonly effects: readonly Effect[];
  readonly impact: readonly Quantity[];
  readonly warnings: readonly string[];
  readonly requests: readonly [TargetedRequest, ...TargetedRequest[]];
  readonly resources: readonly ResourceClaim[];
  /** The higher of the action's risk and the draft's. */
  readonly riskLevel: RiskLevel;
  readonly requiresApproval: boolean;
  readonly inverse: Inverse;
  readonly standingEffect: StandingEffect | null;
  readonly deadlineMs: number;
  readonly settleMs: number;
  /** Context of the plan, as in {@link PlanDraft}; left out where the draft has none. */
  readonly context?: JsonObject;
}

/** System that a plan is for. */
export interface PlanSubject {
  /** The subject's name in the configuration. */
  readonly name: string;
  /** The plugin's name: the kind of system. */
  readonly plugin: string;
  /** Identity that the system reported. A plan is never applied to another. */
  readonly system: SystemIdentity;
  /** `none`: the host cannot see what the plugin sends, so that "at most once" is the plugin's word. Default: it does. */
  readonly guard?: 'none';
}
