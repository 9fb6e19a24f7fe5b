import type { JsonValue, RiskLevel } from 'operator-core';
import type { Position } from '../config/config-issue.ts';
import type { ApprovalRule, Decision } from '../ledger/approval.ts';
import type { RunLimits } from '../ledger/claim.ts';
import type { Mode } from '../ledger/mode.ts';
import type { LoadedPolicy } from './policy.ts';
import type { DecisionKind, PurposeKind } from './policy-words.ts';
import type { ConditionName } from './rule-conditions.ts';

/**
 * Finding of one condition of a rule on a plan. `unknown`: the plan does not hold the value, or it could not be
 * read. A rule that restricts then matches, and a rule that allows does not.
 */
export interface ConditionFinding {
  readonly condition: ConditionName;
  readonly holds: 'yes' | 'no' | 'unknown';
  /** Value that the rule wants. */
  readonly wanted: JsonValue;
  /** Value of the plan, the requester or the clock. */
  readonly found: JsonValue;
}

/** Finding of one rule on a plan. */
export interface RuleFinding extends Position {
  readonly id: string;
  readonly decision: DecisionKind;
  readonly approval: ApprovalRule | null;
  readonly reason: string;
  readonly matched: boolean;
  /** Every condition of the rule, so that it shows why it did not match. */
  readonly conditions: readonly ConditionFinding[];
  /** Error in the rule, which then denies; `null`: none. */
  readonly error: string | null;
}

/** Finding of one risk rule on a plan. */
export interface RiskFinding extends Position {
  readonly id: string;
  readonly raiseTo: RiskLevel;
  readonly reason: string;
  readonly matched: boolean;
  readonly conditions: readonly ConditionFinding[];
  readonly error: string | null;
}

/** A decision with all its reasons, as data. */
export interface Explanation {
  readonly decision: Decision;
  readonly policy: {
    readonly kind: LoadedPolicy['kind'];
    readonly path: string | null;
    readonly version: string;
  };
  readonly mode: Mode;
  readonly purpose: PurposeKind;
  /** Decision of the rules alone, before the mode. */
  readonly byRules: DecisionKind;
  readonly risk: { readonly declared: RiskLevel; readonly effective: RiskLevel };
  /** Every rule, in the order of the file. Empty without a file. */
  readonly rules: readonly RuleFinding[];
  readonly riskRules: readonly RiskFinding[];
  /** Limits handed to the ledger for this plan. */
  readonly limits: RunLimits;
}
