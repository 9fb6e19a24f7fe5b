import type { JsonObject } from 'operator-core';
import type { Position } from '../config/config-issue.ts';
import type { Actor } from '../ledger/actor.ts';
import type { Mode } from '../ledger/mode.ts';
import type { DecisionKind, PurposeKind } from './policy.ts';
import type { PlanTraits } from './plan-traits.ts';
import type { Explanation } from './explanation.ts';

/** A test case of the policy file: a plan, who asks and when, and what must come of it. */
export interface PolicyTest extends Position {
  readonly name: string;
  /** Given in the file itself, or a plan document beside it. */
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
  /** The consents that must be asked for. */
  readonly count?: number;
  /** Ids of rules that must have matched. */
  readonly rules?: readonly string[];
  /** The risk that must count. */
  readonly risk?: PlanTraits['riskLevel'];
}

/** Result of one test case. */
export interface PolicyTestResult extends Position {
  readonly name: string;
  readonly passed: boolean;
  /** Differences by expected part: `decision`, `count`, `rules`, `risk`; empty when it passed. */
  readonly differences: readonly {
    readonly of: keyof ExpectedDecision;
    readonly expected: JsonObject[string];
    readonly actual: JsonObject[string];
  }[];
  /** Why the test could not be run: its plan cannot be read. `null` when it was. */
  readonly error: string | null;
  /** Explanation of the decision; `null` when the test could not be run. */
  readonly explanation: Explanation | null;
}

/** Results of the test cases of a policy. */
export interface PolicyTestReport {
  readonly path: string;
  readonly policyVersion: string;
  /** `false` also where there is no test at all. */
  readonly passed: boolean;
  readonly results: readonly PolicyTestResult[];
  /** Rules that no test made match, in the order of the file. */
  readonly untested: readonly (Position & { readonly id: string })[];
}
