import { higherRisk } from 'operator-core';
import type { RiskLevel } from 'operator-core';
import { describeCause } from '../errors/describe-cause.ts';
import type { ConditionFinding, RiskFinding, RuleFinding } from './explanation.ts';
import { findConditions, isMatched } from './find-conditions.ts';
import type { Matter, Posture } from './find-conditions.ts';
import type { PolicyRule, RiskRule } from './policy.ts';
import type { RuleConditions } from './rule-conditions.ts';

interface Found {
  readonly matched: boolean;
  readonly conditions: readonly ConditionFinding[];
  readonly error: string | null;
}

/** Finding of a rule on a plan. Never throws: an error is part of the finding. */
export function findRule(rule: PolicyRule, matter: Matter): RuleFinding {
  const { id, line, column, decision, approval, reason } = rule;
  const found = find(rule.when, matter, decision === 'allow' ? 'permits' : 'restricts');
  return { id, line, column, decision, approval, reason, ...found };
}

/** Finding of a risk rule on a plan. An unknown condition raises the risk. Never throws. */
export function findRiskRule(rule: RiskRule, matter: Matter): RiskFinding {
  const { id, line, column, raiseTo, reason } = rule;
  return { id, line, column, raiseTo, reason, ...find(rule.when, matter, 'restricts') };
}

/** The risk that counts: never lower than the plan's own. */
export function effectiveRisk(declared: RiskLevel, rules: readonly RiskFinding[]): RiskLevel {
  return rules
    .filter(({ matched }) => matched)
    .map(({ raiseTo }) => raiseTo)
    .reduce(higherRisk, declared);
}

function find(conditions: RuleConditions, matter: Matter, posture: Posture): Found {
  try {
    const findings = findConditions(conditions, matter, posture);
    return { matched: isMatched(findings, posture), conditions: findings, error: null };
  } catch (error) {
    return { matched: posture === 'restricts', conditions: [], error: describeCause(error) };
  }
}
