import type { JsonObject, PlanSubject, Refusal, StandingEffect } from 'operator-core';
import type { TrustedPlan } from './trusted-plan.ts';

interface PlanningBase {
  readonly subject: PlanSubject;
  readonly action: string;
  /** Validated, with defaults applied. */
  readonly parameters: JsonObject;
}

/** Result of planning. A refusal is an answer, not an error. */
export type PlanningResult =
  | { readonly kind: 'plan'; readonly plan: TrustedPlan }
  | (PlanningBase & {
      readonly kind: 'nothing_to_do';
      readonly summary: string;
      readonly facts: JsonObject;
    })
  | (PlanningBase & {
      readonly kind: 'refused';
      readonly refusal: Refusal;
      readonly standingEffect?: StandingEffect;
    });
