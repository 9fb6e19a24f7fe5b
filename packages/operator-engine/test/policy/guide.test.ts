import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/load-config.ts';
import { DEFAULT_POLICY_LIMITS, listPolicyKeys } from '../../src/policy/policy-schema.ts';
import { loadPolicy } from '../../src/policy/load-policy.ts';
import { runPolicyTests } from '../../src/policy/run-policy-tests.ts';
import { planOf } from './support.ts';

const guide = readFileSync(new URL('../../../../docs/guides/policy.md', import.meta.url), 'utf8');
const BLOCK = /^```\w+ title="([^"]+)"\n(.*?)^```$/gmsu;
const files = new Map(
  [...guide.matchAll(BLOCK)].map(([, name = '', text = '']) => [name, text] as const),
);
const policies = [...files].filter(([, text]) => text.includes('tests:')).map(([name]) => name);

describe('the guide to policies', () => {
  let directory: string;
  const load = (name: string) => loadPolicy(join(directory, name));

  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'operator-guide-'));
    for (const [name, text] of files) writeFileSync(join(directory, name), text);
    writeFileSync(join(directory, 'plan.json'), JSON.stringify(planOf()));
  });

  afterAll(() => {
    rmSync(directory, { recursive: true });
  });

  it('has these examples', () => {
    expect([...files.keys()]).toEqual([
      'operator.config.yaml',
      'policy.yaml',
      'approvals.yaml',
      'guarded.yaml',
      'share.yaml',
      'fixture.yaml',
      'mistakes.yaml',
      'mistakes.txt',
    ]);
  });

  it('names the policy in a configuration', () => {
    const { policyPath } = loadConfig({ cwd: directory, env: {} });
    expect(policyPath).toBe(join(directory, 'policy.yaml'));
  });

  it.each(policies)('%s passes its own tests, and every rule is tested', (name) => {
    const policy = load(name);
    if (policy.kind !== 'file') throw policy.kind === 'unreadable' ? policy.error : new Error(name);
    const report = runPolicyTests(policy);
    const failed = report.results.filter(({ passed }) => !passed);
    expect(
      failed.map(({ name: test, differences, error }) => ({ test, differences, error })),
    ).toEqual([]);
    expect(report).toMatchObject({ passed: true, untested: [] });
  });

  it('shows the mistakes as they are told', () => {
    const policy = load('mistakes.yaml');
    if (policy.kind !== 'unreadable') throw new Error('It was expected to have mistakes.');
    const message = policy.error.message
      .replaceAll(directory, '')
      .replaceAll('/mistakes', 'mistakes');
    expect(`${message}\n`).toBe(files.get('mistakes.txt'));
    expect(policy.error.code).toBe('POLICY_INVALID');
    expect(basename(policy.path)).toBe('mistakes.yaml');
  });

  it('names every condition and every limit, with its default', () => {
    const rows = [...guide.matchAll(/^\| `(\w+)` +\| ([^|]+?) +\|/gmu)];
    const named = new Map(rows.map(([, name = '', second = '']) => [name, second]));
    for (const name of named.keys()) expect(listPolicyKeys()).toContain(name);
    expect(named.size).toBe(12 + 5);
    const { runsAtOnce, runsPerHour, cooldownMs, failures } = DEFAULT_POLICY_LIMITS;
    expect(named.get('runsAtOnce')).toBe(String(runsAtOnce));
    expect(named.get('runsPerHour')).toBe(String(runsPerHour));
    expect(named.get('cooldown')).toBe(`\`${cooldownMs / 60_000}m\``);
    expect(named.get('failures')).toBe(
      `\`{ count: ${failures.count}, block: ${failures.blockMs / 3_600_000}h }\``,
    );
  });
});
