import { readFileSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { canonicalJson } from 'operator-core';
import type { JsonValue } from 'operator-core';
import { describeCause } from '../errors/describe-cause.ts';
import { explainTraits } from './explain.ts';
import type { Explanation } from './explanation.ts';
import { parsePlanTraits } from './parse-plan-traits.ts';
import type { PlanTraits } from './plan-traits.ts';
import type { LoadedPolicy } from './policy.ts';
import type { ExpectedDecision, PolicyTest } from './policy-test.ts';
import type { PolicyTestReport, PolicyTestResult } from './policy-test-report.ts';

const LARGEST_PLAN = 16 * 1024 * 1024;

/**
 * Runs the test cases that stand in a policy's file. Reads the plan documents that they name, beside
 * the file. Throws the policy's own error when it is unreadable.
 */
export function runPolicyTests(
  policy: Exclude<LoadedPolicy, { kind: 'built_in' }>,
): PolicyTestReport {
  if (policy.kind === 'unreadable') throw policy.error;
  const { path, version } = policy;
  const { tests, rules } = policy.policy;
  const results = tests.map((test) => runTest(test, policy));
  const matched = new Set(results.flatMap(({ explanation }) => matchedRules(explanation)));
  return {
    path,
    policyVersion: version,
    passed: results.length > 0 && results.every(({ passed }) => passed),
    results,
    untested: rules
      .filter(({ id }) => !matched.has(id))
      .map(({ id, line, column }) => ({ id, line, column })),
  };
}

function runTest(
  test: PolicyTest,
  policy: Extract<LoadedPolicy, { kind: 'file' }>,
): PolicyTestResult {
  const { name, line, column, requester, purpose, mode, at: now } = test;
  try {
    const traits = 'file' in test.plan ? readPlan(policy.path, test.plan.file) : test.plan;
    const explanation = explainTraits(traits, { policy, requester, purpose, mode, now });
    const differences = compare(test.expect, explanation);
    const passed = differences.length === 0;
    return { name, line, column, passed, differences, error: null, explanation };
  } catch (error) {
    const failed = { passed: false, differences: [], explanation: null };
    return { name, line, column, ...failed, error: describeCause(error) };
  }
}

function readPlan(policyPath: string, file: string): PlanTraits {
  const path = resolve(dirname(policyPath), file);
  if (statSync(path).size > LARGEST_PLAN) throw new Error(`${path} is larger than 16 MiB`);
  const document: unknown = JSON.parse(readFileSync(path, 'utf8'));
  return parsePlanTraits(document);
}

function compare(
  expected: ExpectedDecision,
  { decision, risk, ...explanation }: Explanation,
): PolicyTestResult['differences'] {
  const matched = matchedRules({ decision, risk, ...explanation });
  const actual: { readonly [Of in keyof ExpectedDecision]-?: JsonValue } = {
    decision: decision.kind,
    count: decision.approval?.count ?? null,
    rules: matched,
    risk: risk.effective,
  };
  const wanted = Object.entries(expected) as [keyof ExpectedDecision, JsonValue][];
  return wanted
    .filter(([of, value]) => !isAsExpected(of, value, actual[of]))
    .map(([of, value]) => ({ of, expected: value, actual: actual[of] }));
}

/** At least the named rules must have matched; everything else must be equal. */
function isAsExpected(of: keyof ExpectedDecision, expected: JsonValue, actual: JsonValue): boolean {
  if (of !== 'rules' || !Array.isArray(expected) || !Array.isArray(actual)) {
    return canonicalJson(expected) === canonicalJson(actual);
  }
  return expected.every((id) => actual.includes(id));
}

function matchedRules(explanation: Explanation | null): readonly string[] {
  return (explanation?.rules ?? []).filter(({ matched }) => matched).map(({ id }) => id);
}
