import type { RiskLevel } from 'operator-core';
import type { Actor } from '../ledger/actor.ts';
import type { PurposeKind } from './policy-words.ts';

/** Days of the week as a policy writes them, in the order of ISO 8601. */
export const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

/** See {@link WEEKDAYS}. */
export type Weekday = (typeof WEEKDAYS)[number];

/**
 * Some hours of some days, as the clocks in a zone show them. Hours that a clock skips in spring do
 * not happen; those that it shows twice in autumn count twice.
 */
export interface TimeWindow {
  /** IANA name: `Europe/Berlin`. */
  readonly zone: string;
  /** The days on which it begins. */
  readonly days: readonly Weekday[];
  /** Minutes since midnight, included. */
  readonly from: number;
  /** Minutes since midnight, not included. Not after `from`: it ends on the next day. 1440: midnight. */
  readonly to: number;
}

/** Kinds of plans: with an inverse, or declared to have none. */
export const REVERSIBILITIES = ['reversible', 'irreversible'] as const;

/** See {@link REVERSIBILITIES}. */
export type Reversibility = (typeof REVERSIBILITIES)[number];

/** Ways in which writes of a plugin are guarded: by the host, or not at all. */
export const GUARDS = ['host', 'none'] as const;

/** See {@link GUARDS}. */
export type GuardKind = (typeof GUARDS)[number];

/** Range of an amount, both ends included. */
export interface AmountRange {
  readonly atLeast: number | null;
  readonly atMost: number | null;
}

/**
 * Conditions of a rule. Every given condition must hold; within a list one is enough. In texts `*`
 * stands for any characters.
 */
export interface RuleConditions {
  /** Names of subjects. */
  readonly subject?: readonly string[];
  readonly action?: readonly string[];
  /** The effective risk. */
  readonly risk?: readonly RiskLevel[];
  readonly reversibility?: readonly Reversibility[];
  /** The guard of the plugin's writes. */
  readonly guard?: readonly GuardKind[];
  readonly requesterKind?: readonly Actor['kind'][];
  readonly requesterName?: readonly string[];
  /**
   * Resources. A rule that restricts matches when one resource that the plan touches fits; a rule that allows
   * matches only when all resources that it changes or holds exclusively fit.
   */
  readonly resource?: readonly string[];
  /** Purposes. Default: changes and undos. Only a rule that names lease ends and cancels restricts them. */
  readonly purpose?: readonly PurposeKind[];
  /** Times within one of these windows. */
  readonly during?: readonly TimeWindow[];
  /** Times within none of these windows. */
  readonly outside?: readonly TimeWindow[];
  /** Ranges by the name of the plan’s quantity, exactly as in the plan. */
  readonly impact?: Readonly<Record<string, AmountRange>>;
}

/** A member of {@link RuleConditions}. */
export type ConditionName = keyof RuleConditions;
