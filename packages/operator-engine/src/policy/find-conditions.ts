import { isUnknown } from 'operator-core';
import type { JsonValue, RiskLevel } from 'operator-core';
import type { Actor } from '../ledger/actor.ts';
import type { ConditionFinding } from './explanation.ts';
import { matchesAny } from './glob.ts';
import { amountOf } from './plan-traits.ts';
import type { PlanTraits } from './plan-traits.ts';
import type { PurposeKind } from './policy-words.ts';
import { coversResource, meetsResource } from './resource-pattern.ts';
import type { AmountRange, ConditionName, RuleConditions } from './rule-conditions.ts';
import { isWithin, toLocalTime } from './time-window.ts';

/** Everything that rules read. */
export interface Matter {
  readonly traits: PlanTraits;
  /** The risk that counts for conditions. */
  readonly riskLevel: RiskLevel;
  readonly requester: Actor;
  readonly purpose: PurposeKind;
  readonly now: number;
}

/** True when a rule gives a permission; with an unknown condition it gives none. */
export type Posture = 'permits' | 'restricts';

type Holds = ConditionFinding['holds'];
type Found = Omit<ConditionFinding, 'condition'>;
type Look<Name extends ConditionName> = (
  wanted: NonNullable<RuleConditions[Name]>,
  matter: Matter,
  posture: Posture,
) => Found;

type LookAt = (conditions: RuleConditions, matter: Matter, posture: Posture) => ConditionFinding[];

/** The conditions, in the order in which they are shown. */
const LOOKS: readonly LookAt[] = [
  lookAt('subject', (wanted, { traits }) => compareText(wanted, traits.subject)),
  lookAt('action', (wanted, { traits }) => compareText(wanted, traits.action)),
  lookAt('risk', (wanted, { riskLevel }) => compareWord(wanted, riskLevel)),
  lookAt('reversibility', (wanted, { traits }) => compareWord(wanted, traits.reversibility)),
  lookAt('guard', (wanted, { traits }) => compareWord(wanted, traits.guard)),
  lookAt('requesterKind', (wanted, { requester }) => compareWord(wanted, requester.kind)),
  lookAt('requesterName', (wanted, { requester }) => compareText(wanted, requester.name)),
  lookAt('purpose', (wanted, { purpose }) => compareWord(wanted, purpose)),
  lookAt('resource', findResources),
  lookAt('during', (wanted, { now }) => compareTime(wanted, now, true)),
  lookAt('outside', (wanted, { now }) => compareTime(wanted, now, false)),
  lookAt('impact', findImpact),
];

/** Finding for every given condition on a plan. */
export function findConditions(
  conditions: RuleConditions,
  matter: Matter,
  posture: Posture,
): readonly ConditionFinding[] {
  return LOOKS.flatMap((look) => look(conditions, matter, posture));
}

/** True when a rule with these findings matches. */
export function isMatched(findings: readonly ConditionFinding[], posture: Posture): boolean {
  if (posture === 'permits') return findings.every(({ holds }) => holds === 'yes');
  return findings.every(({ holds }) => holds !== 'no');
}

function lookAt<Name extends ConditionName>(condition: Name, look: Look<Name>): LookAt {
  return (conditions, matter, posture) => {
    const wanted = conditions[condition];
    return wanted === undefined ? [] : [{ condition, ...look(wanted, matter, posture) }];
  };
}

function compareText(wanted: readonly string[], found: string): Found {
  return { holds: toHolds(matchesAny(wanted, found)), wanted, found };
}

function compareWord<Word extends string>(wanted: readonly Word[], found: Word): Found {
  return { holds: toHolds(wanted.includes(found)), wanted, found };
}

function compareTime(
  wanted: NonNullable<RuleConditions['during']>,
  now: number,
  isWanted: boolean,
): Found {
  const isInside = wanted.some((window) => isWithin(window, now));
  return {
    holds: toHolds(isInside === isWanted),
    wanted: wanted.map(({ zone, days, from, to }) => {
      return { zone, days, from: toTimeOfDay(from), to: toTimeOfDay(to) };
    }),
    found: [...new Set(wanted.map(({ zone }) => zone))].map((zone) => {
      const { day, minute } = toLocalTime(now, zone);
      return { zone, day, time: toTimeOfDay(minute) };
    }),
  };
}

function toTimeOfDay(minute: number): string {
  const parts = [Math.floor(minute / 60), minute % 60];
  return parts.map((part) => String(part).padStart(2, '0')).join(':');
}

function findResources(wanted: readonly string[], matter: Matter, posture: Posture): Found {
  const { disturbed, touched } = matter.traits;
  if (posture === 'restricts') {
    const isMet = touched.some((resource) =>
      wanted.some((pattern) => meetsResource(pattern, resource)),
    );
    return { holds: toHolds(isMet), wanted, found: touched };
  }
  const isCovered = disturbed.every((resource) =>
    wanted.some((pattern) => coversResource(pattern, resource)),
  );
  // A plan that names nothing may exceed every limit.
  const holds = disturbed.length === 0 ? 'unknown' : toHolds(isCovered);
  return { holds, wanted, found: disturbed };
}

function findImpact(wanted: Readonly<Record<string, AmountRange>>, { traits }: Matter): Found {
  const found = Object.entries(wanted).map(([name, range]) => {
    const amount = amountOf(traits.impact, name);
    return { name, amount, holds: compareAmount(range, amount) };
  });
  return {
    holds: allOf(found.map(({ holds }) => holds)),
    wanted: Object.fromEntries(Object.entries(wanted).map(([name, range]) => [name, { ...range }])),
    found: Object.fromEntries(found.map(({ name, amount }) => [name, toJson(amount)])),
  };
}

function compareAmount(
  range: AmountRange,
  amount: PlanTraits['impact'][string] | undefined,
): Holds {
  if (typeof amount !== 'number' || Number.isNaN(amount)) return 'unknown';
  const { atLeast, atMost } = range;
  return toHolds((atLeast ?? -Infinity) <= amount && amount <= (atMost ?? Infinity));
}

function toJson(amount: PlanTraits['impact'][string] | undefined): JsonValue {
  if (amount === undefined) return { unknown: 'the plan does not state it' };
  return isUnknown(amount) ? { unknown: amount.unknown } : amount;
}

function allOf(all: readonly Holds[]): Holds {
  if (all.includes('no')) return 'no';
  return all.includes('unknown') ? 'unknown' : 'yes';
}

function toHolds(is: boolean): Holds {
  return is ? 'yes' : 'no';
}
