import type { OperatorError, RiskLevel } from 'operator-core';
import type { ConfigIssue, Position } from '../config/config-issue.ts';
import type { Actor } from '../ledger/actor.ts';
import type { ApprovalRule } from '../ledger/approval.ts';
import type { DecisionKind, PurposeKind } from './policy-words.ts';
import type { RuleConditions } from './rule-conditions.ts';
import type { PolicyTest } from './policy-test.ts';

/** Version of the policy file's shape; part of what its version is made of. */
export const POLICY_FORMAT = 'operator.policy/1';

/** One rule. Its position in the file is part of it, so that every decision can name its line. */
export interface PolicyRule extends Position {
  /** Unique in the file. */
  readonly id: string;
  readonly when: RuleConditions;
  readonly decision: DecisionKind;
  /** Present with `needs_approval`, and only then. */
  readonly approval: ApprovalRule | null;
  /** One sentence, for the person or program that reads the decision. */
  readonly reason: string;
}

/** Raises the risk of plans that touch many resources. It can never lower it. */
export interface RiskRule extends Position {
  readonly id: string;
  /** A condition on risk is not possible, because the rule decides the risk. */
  readonly when: RuleConditions;
  readonly raiseTo: RiskLevel;
  readonly reason: string;
}

/** Largest number of resources of one kind that may be disturbed at once. */
export interface ResourceLimit extends Position {
  /** Kind of the resource, before its colon: `lamp`. */
  readonly kind: string;
  /** Most resources, or `null` when only the share counts. */
  readonly most: number | null;
  /** Largest share of all such resources, 0 to 1, rounded down; `null` when only the number counts. */
  readonly share: number | null;
  /** The fact of the plan's evidence with the total number; given with `share`. */
  readonly of: string | null;
}

/** The limits, defaults filled in. `null`: no such limit. Durations in milliseconds. */
export interface PolicyLimits {
  readonly runsAtOnce: number | null;
  readonly runsPerHour: number | null;
  readonly cooldownMs: number | null;
  readonly failures: { readonly count: number; readonly blockMs: number } | null;
  readonly resourcesAtOnce: readonly ResourceLimit[];
}

/** The content of a policy, checked, with defaults filled in. */
export interface Policy {
  /** Rules, in the order of the file. */
  readonly rules: readonly PolicyRule[];
  readonly risk: readonly RiskRule[];
  readonly limits: PolicyLimits;
  /** The consent that `guarded` mode requires when the rules require none. */
  readonly guarded: ApprovalRule;
  readonly tests: readonly PolicyTest[];
}

/** A policy as it was read. Only `file` and `built_in` ever allow anything. */
export type LoadedPolicy =
  | {
      readonly kind: 'file';
      readonly path: string;
      readonly version: string;
      readonly policy: Policy;
    }
  /** There is no file: the approval settings of the actions apply, with the default limits. */
  | {
      readonly kind: 'built_in';
      readonly path: null;
      readonly version: string;
      readonly policy: Policy;
    }
  /** A file is configured but cannot be used: everything is denied. */
  | {
      readonly kind: 'unreadable';
      readonly path: string;
      readonly version: string;
      /** `POLICY_INVALID` with every mistake, or `CONFIG_UNREADABLE`. */
      readonly error: OperatorError;
      readonly issues: readonly ConfigIssue[];
    };

/** Requester, reason and time: the input besides the plan and the policy. */
export interface PolicyRequest {
  readonly requester: Actor;
  readonly purpose: PurposeKind;
  /** Milliseconds since the epoch. */
  readonly now: number;
}
