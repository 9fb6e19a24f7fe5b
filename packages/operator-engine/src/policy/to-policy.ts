import { unknownBecause } from 'operator-core';
import type { ConfigDocument } from '../config/config-document.ts';
import { ANY_PERSON } from './combine-approvals.ts';
import type { Amounts, PlanTraits } from './plan-traits.ts';
import type { Policy, PolicyLimits, PolicyRule } from './policy.ts';
import { DEFAULT_POLICY_LIMITS } from './policy-schema.ts';
import type { PolicyContent } from './policy-schema.ts';
import type { PolicyTest } from './policy-test.ts';
import type { TestContent, TestPlanContent } from './test-schema.ts';

const SOMEBODY_ELSE = { ...ANY_PERSON, requesterMayApprove: false };

/** Policy without a file: no rules, the default limits. */
export const BUILT_IN_POLICY: Policy = {
  rules: [],
  risk: [],
  limits: { ...DEFAULT_POLICY_LIMITS, resourcesAtOnce: [] },
  guarded: ANY_PERSON,
  tests: [],
};

/** The policy in a file's content, with the position of every rule. */
export function toPolicy(content: PolicyContent, document: ConfigDocument): Policy {
  return {
    rules: content.rules.map((rule, index) => ({
      ...rule,
      ...document.positionOf(['rules', index]),
      approval: approvalOf(rule),
    })),
    risk: content.risk.map((rule, index) => ({
      ...rule,
      ...document.positionOf(['risk', index]),
    })),
    limits: toLimits(content.limits, document),
    guarded: content.guarded ?? ANY_PERSON,
    tests: content.tests.map((test, index) => ({
      ...toTest(test),
      ...document.positionOf(['tests', index]),
    })),
  };
}

function approvalOf(rule: PolicyContent['rules'][number]): PolicyRule['approval'] {
  return rule.decision === 'needs_approval' ? (rule.approval ?? SOMEBODY_ELSE) : null;
}

function toLimits(limits: PolicyContent['limits'], document: ConfigDocument): PolicyLimits {
  const { runsAtOnce, runsPerHour, cooldown, failures, resourcesAtOnce } = limits;
  return {
    runsAtOnce,
    runsPerHour,
    cooldownMs: cooldown,
    failures: failures === null ? null : { count: failures.count, blockMs: failures.block },
    resourcesAtOnce: resourcesAtOnce.map((limit, index) => ({
      ...limit,
      ...document.positionOf(['limits', 'resourcesAtOnce', index]),
    })),
  };
}

function toTest(test: TestContent): Omit<PolicyTest, 'line' | 'column'> {
  const { name, plan, planFile = '', requester, purpose, mode, at, expect } = test;
  return {
    name,
    plan: plan === undefined ? { file: planFile } : toTraits(plan),
    requester,
    purpose,
    mode,
    // Only rules with times need the time; without such rules any time is right.
    at: at === undefined ? 0 : Date.parse(at),
    expect,
  };
}

function toTraits(plan: TestPlanContent): PlanTraits {
  const { disturbs, shares, impact, counts, ...traits } = plan;
  return {
    ...traits,
    disturbed: disturbs,
    touched: [...disturbs, ...shares],
    impact: toAmounts(impact),
    counts: toAmounts(counts),
  };
}

function toAmounts(given: Readonly<Record<string, number | null>>): Amounts {
  return Object.fromEntries(
    Object.entries(given).map(([name, value]) => [
      name,
      value ?? unknownBecause('the test says so'),
    ]),
  );
}
