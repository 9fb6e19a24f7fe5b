import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadPolicy } from '../../src/policy/load-policy.ts';
import type { PolicyTestReport } from '../../src/policy/policy-test-report.ts';
import { runPolicyTests } from '../../src/policy/run-policy-tests.ts';
import { failureOf } from '../support/errors.ts';
import { planOf, rule } from './support.ts';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'operator-tests-'));
});

afterEach(() => {
  rmSync(directory, { recursive: true });
});

const RULES = `rules:\n${rule('calm', 'allow', '{ risk: low }')}${rule('ask', 'needs_approval', '{ risk: high }', ', approval: { count: 2 }')}`;
const WHO = 'requester: { kind: person, name: ada }';
const plan = (riskLevel: string): string =>
  `plan: { subject: hall, action: switch_lamp, riskLevel: ${riskLevel} }`;

function run(tests: readonly string[]): PolicyTestReport {
  const path = join(directory, 'policy.yaml');
  writeFileSync(path, `${RULES}tests:\n${tests.map((test) => `  - { ${test} }\n`).join('')}`);
  const policy = loadPolicy(path);
  if (policy.kind !== 'file') throw policy.kind === 'unreadable' ? policy.error : new Error(path);
  return runPolicyTests(policy);
}

describe('the tests of a policy', () => {
  it('say where each stands, what was expected and what came', () => {
    const report = run([
      `name: right, ${WHO}, ${plan('low')}, expect: { decision: allow, rules: [calm], risk: low }`,
      `name: wrong, ${WHO}, ${plan('low')}, expect: { decision: needs_approval, count: 1, rules: [ask], risk: high }`,
      `name: count, ${WHO}, ${plan('high')}, expect: { decision: needs_approval, count: 1 }`,
      `name: mode, ${WHO}, mode: observe, ${plan('low')}, expect: deny`,
      `name: purpose, ${WHO}, purpose: lease_end, ${plan('high')}, expect: allow`,
    ]);
    expect(report.passed).toBe(false);
    expect(report.untested).toEqual([]);
    expect(report.results).toMatchObject([
      { name: 'right', line: 5, column: 5, passed: true, differences: [], error: null },
      {
        name: 'wrong',
        line: 6,
        passed: false,
        differences: [
          { of: 'decision', expected: 'needs_approval', actual: 'allow' },
          { of: 'count', expected: 1, actual: null },
          { of: 'rules', expected: ['ask'], actual: ['calm'] },
          { of: 'risk', expected: 'high', actual: 'low' },
        ],
        explanation: { decision: { kind: 'allow' }, rules: [{ id: 'calm' }, { id: 'ask' }] },
      },
      { name: 'count', line: 7, differences: [{ of: 'count', expected: 1, actual: 2 }] },
      { name: 'mode', passed: true },
      { name: 'purpose', passed: true },
    ]);
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
  });

  it('name the rules that no test is about', () => {
    const report = run([`name: a, ${WHO}, ${plan('low')}, expect: allow`]);
    expect(report).toMatchObject({ passed: true, untested: [{ id: 'ask', line: 3, column: 5 }] });
  });

  it('have not passed where there are none', () => {
    writeFileSync(join(directory, 'none.yaml'), RULES);
    const policy = loadPolicy(join(directory, 'none.yaml'));
    if (policy.kind !== 'file') throw new Error('It was expected to be readable.');
    expect(runPolicyTests(policy)).toMatchObject({ passed: false, results: [] });
  });

  it('look at plan documents beside the file', () => {
    writeFileSync(join(directory, 'low.json'), JSON.stringify(planOf()));
    writeFileSync(join(directory, 'high.json'), JSON.stringify(planOf({ riskLevel: 'high' })));
    writeFileSync(join(directory, 'other.json'), '{"format":"operator.plan/1"}');
    writeFileSync(join(directory, 'broken.json'), '{');
    const report = run([
      `name: low, ${WHO}, planFile: low.json, expect: allow`,
      `name: high, ${WHO}, planFile: ./high.json, expect: needs_approval`,
      `name: missing, ${WHO}, planFile: missing.json, expect: deny`,
      `name: other, ${WHO}, planFile: other.json, expect: deny`,
      `name: broken, ${WHO}, planFile: broken.json, expect: deny`,
    ]);
    expect(report.results.map(({ passed }) => passed)).toEqual([true, true, false, false, false]);
    const errors = report.results.map(({ error }) => error);
    expect(errors.slice(0, 2)).toEqual([null, null]);
    expect(errors[2]).toContain('missing.json');
    expect(errors[3]).toMatch(/^it is not a plan: .*action/u);
    expect(errors[4]).toContain('JSON');
  });

  it('cannot be run where the policy cannot be used', async () => {
    writeFileSync(join(directory, 'broken.yaml'), 'rules: 7');
    const policy = loadPolicy(join(directory, 'broken.yaml'));
    if (policy.kind !== 'unreadable') throw new Error('It was expected to have mistakes.');
    const error = await failureOf(() => runPolicyTests(policy));
    expect(error.code).toBe('POLICY_INVALID');
  });
});
