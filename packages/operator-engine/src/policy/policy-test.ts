import type { Position } from '../config/config-issue.ts';
import type { Actor } from '../ledger/actor.ts';
import type { Mode } from '../ledger/mode.ts';
import type { DecisionKind, PurposeKind } from './policy-words.ts';
import type { PlanTraits } from './plan-traits.ts';

/** A test case of the policy file: plan, requester, time and expected decision. */
export interface PolicyTest extends Position {
  readonly name: string;
  /** The plan, in the file itself or in a plan document beside it. */
  readonly plan: PlanTraits | { readonly file: string };
  readonly requester: Actor;
  readonly purpose: PurposeKind;
  readonly mode: Mode;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly expect: ExpectedDecision;
}

/** Expectation of a test. Parts left out are not checked. */
export interface ExpectedDecision {
  readonly decision: DecisionKind;
  /** The consents that the decision must require. */
  readonly count?: number;
  /** Ids of rules that must have matched. */
  readonly rules?: readonly string[];
  /** The risk that must count. */
  readonly risk?: PlanTraits['riskLevel'];
}
