import type { JsonObject } from 'operator-core';
import type { Decision } from '../ledger/approval.ts';
import type { Explanation, RiskFinding, RuleFinding } from './explanation.ts';
import type { Verdict } from './verdict.ts';

/** A verdict as the ledger keeps it, with the reasons that `audit explain` shows. */
export function describeDecision(
  verdict: Verdict,
  shown: Omit<Explanation, 'decision'>,
  now: number,
): Decision {
  const { kind, reasons, approval } = verdict;
  return {
    kind,
    reasons,
    policyVersion: shown.policy.version,
    ...(approval === null ? {} : { approval }),
    details: toDetails(shown, now),
  };
}

function toDetails(shown: Omit<Explanation, 'decision'>, now: number): JsonObject {
  const { policy, mode, purpose, byRules, risk, rules, riskRules } = shown;
  const raisedBy = riskRules.filter(isOfWeight).map(toRiskEvidence);
  return {
    policy: { ...policy },
    mode,
    purpose,
    byRules,
    risk: { ...risk, raisedBy },
    rules: rules.filter(isOfWeight).map(toRuleEvidence),
    at: toTime(now),
  };
}

function isOfWeight({ matched, error }: { matched: boolean; error: string | null }): boolean {
  return matched || error !== null;
}

function toRuleEvidence(rule: RuleFinding): JsonObject {
  const { id, line, decision, error } = rule;
  return { id, line, decision, ...(error === null ? {} : { error }), found: foundBy(rule) };
}

function toRiskEvidence(rule: RiskFinding): JsonObject {
  const { id, line, raiseTo, error } = rule;
  return { id, line, raiseTo, ...(error === null ? {} : { error }), found: foundBy(rule) };
}

/** The evidence of a rule: the finding of each condition. */
function foundBy({ conditions }: RuleFinding | RiskFinding): JsonObject {
  return Object.fromEntries(conditions.map(({ condition, found }) => [condition, found]));
}

function toTime(now: number): string | null {
  const time = new Date(now);
  return Number.isNaN(time.getTime()) ? null : time.toISOString();
}
