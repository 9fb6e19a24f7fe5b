import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ConfigIssue } from '../../src/config/config-issue.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { loadPolicy, parsePolicy } from '../../src/policy/load-policy.ts';
import type { LoadedPolicy, Policy } from '../../src/policy/policy.ts';
import { failureOf } from '../support/errors.ts';
import { policyOf, rule } from './support.ts';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'operator-policy-'));
});

afterEach(() => {
  rmSync(directory, { recursive: true });
});

function write(name: string, text: string): string {
  const path = join(directory, name);
  writeFileSync(path, text);
  return path;
}

function issuesOf(text: string, name = 'policy.yaml'): readonly ConfigIssue[] {
  const policy = parsePolicy(text, `/policies/${name}`);
  if (policy.kind !== 'unreadable') throw new Error('It was expected to have mistakes.');
  expect(policy.error).toMatchObject({ code: 'POLICY_INVALID', kind: 'config' });
  for (const { line, column, message } of policy.issues) {
    expect(policy.error.message).toContain(`/policies/${name}:${line}:${column}`);
    expect(policy.error.message).toContain(message);
  }
  return policy.issues;
}

function contentOf(policy: LoadedPolicy): Policy {
  if (policy.kind === 'unreadable') throw policy.error;
  return policy.policy;
}

describe('the configuration', () => {
  const subjects = 'subjects:\n  prod: { plugin: operator-lamps }\n';

  it('names the policy beside itself', () => {
    write('operator.config.yaml', `policy: rules/policy.yaml\n${subjects}`);
    expect(loadConfig({ cwd: directory, env: {} }).policyPath).toBe(
      join(directory, 'rules/policy.yaml'),
    );
  });

  it('may take its name from the environment', () => {
    write('operator.config.yaml', `policy: \${STAGE}.yaml\n${subjects}`);
    const { policyPath } = loadConfig({ cwd: directory, env: { STAGE: 'prod' } });
    expect(policyPath).toBe(join(directory, 'prod.yaml'));
  });

  it('need not name one', () => {
    write('operator.config.yaml', subjects);
    expect(loadConfig({ cwd: directory, env: {} }).policyPath).toBeNull();
  });

  it.each([
    ['policy: [a]', {}],
    ['policy: ""', {}],
    ['policy:', {}],
    ['policy: ${STAGE}', {}],
    ['policy: ${STAGE}', { STAGE: '' }],
  ])('with %j is refused: it never means no policy', async (line, env) => {
    write('operator.config.yaml', `${line}\n${subjects}`);
    const error = await failureOf(() => loadConfig({ cwd: directory, env: { ...env } }));
    expect(error).toMatchObject({ code: 'CONFIG_INVALID' });
    expect(error.facts).toMatchObject({ issues: [{ path: 'policy', line: 1 }] });
  });
});

describe('loading', () => {
  it.each([
    ['policy.yaml', `rules:\n${rule('yes', 'allow')}`],
    ['policy.json', '{"rules":[{"id":"yes","when":{},"decision":"allow","reason":"So."}]}'],
    ['policy.yaml', `\uFEFFrules:\n${rule('yes', 'allow')}`],
  ])('reads %s', (name, text) => {
    const policy = loadPolicy(write(name, text));
    expect(policy).toMatchObject({ kind: 'file', path: join(directory, name) });
    expect(contentOf(policy).rules).toMatchObject([{ id: 'yes', decision: 'allow' }]);
  });

  it('reports why a file cannot be read, and does not treat it as a missing policy', () => {
    const missing = loadPolicy(join(directory, 'missing.yaml'));
    expect(missing).toMatchObject({ kind: 'unreadable', error: { code: 'CONFIG_UNREADABLE' } });
    mkdirSync(join(directory, 'folder.yaml'));
    expect(loadPolicy(join(directory, 'folder.yaml')).kind).toBe('unreadable');
    const large = write('large.yaml', `#${'x'.repeat(1024 * 1024)}\nrules: []`);
    expect(loadPolicy(large)).toMatchObject({
      error: { message: expect.stringContaining('1 MiB') },
    });
  });

  it('fills in the defaults', () => {
    const { rules, limits, guarded } = contentOf(
      policyOf(`rules:\n${rule('ask', 'needs_approval', '{ during: { zone: UTC } }')}`),
    );
    expect(rules[0]).toMatchObject({
      approval: { count: 1, from: null, requesterMayApprove: false },
      when: {
        purpose: ['change', 'undo'],
        during: [{ from: 0, to: 1440, days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] }],
      },
    });
    expect(limits.cooldownMs).toBe(300_000);
    expect(guarded).toEqual({ count: 1, from: null, requesterMayApprove: true });
  });

  it('reads numbers of bytes as people write them', () => {
    const when = '{ impact: { data: { atLeast: 1.5 GiB, atMost: 2TiB } } }';
    const { rules } = contentOf(policyOf(`rules:\n${rule('big', 'deny', when)}`));
    expect(rules[0]?.when.impact).toEqual({
      data: { atLeast: 1.5 * 1024 ** 3, atMost: 2 * 1024 ** 4 },
    });
  });
});

describe('the version', () => {
  const text = `rules:\n${rule('yes', 'allow')}`;
  const version = policyOf(text).version;

  it('is the same for the same content, however it is written', () => {
    const json = '{"rules":[{"reason":"Because of yes.","id":"yes","when":{},"decision":"allow"}]}';
    expect(parsePolicy(json, '/other/place.json').version).toBe(version);
    expect(policyOf(`# a comment\n${text}\n`).version).toBe(version);
    expect(version).toMatch(/^sha256:[0-9a-f]{64}$/u);
  });

  it('does not change with the tests, which decide nothing', () => {
    const test =
      'tests:\n  - { name: a, plan: { subject: a, action: b, riskLevel: low }, requester: { kind: person, name: x }, expect: allow }\n';
    expect(policyOf(`${text}${test}`).version).toBe(version);
  });

  it('is another one for anything else', () => {
    const others = [
      policyOf(`rules:\n${rule('yes', 'deny')}`),
      policyOf(`${text}limits: { runsAtOnce: 2 }\n`),
      loadPolicy(null),
      parsePolicy('rules: 7', '/policies/policy.yaml'),
      parsePolicy('rules: 8', '/policies/policy.yaml'),
    ];
    const versions = new Set([version, ...others.map((policy) => policy.version)]);
    expect(versions.size).toBe(others.length + 1);
  });
});

describe('mistakes', () => {
  it('are all told at once, each with its path and place', () => {
    const issues = issuesOf(
      [
        'rules:',
        '  - id: two words',
        '    when: { actoin: drain, risk: huge, during: { zone: Berlin, days: [mon, monday], from: 9:00 } }',
        '    decision: allow',
        '    approval: { count: 0 }',
        '  - id: b',
        '    decision: perhaps',
        '    reason: ""',
        '    when:',
        '      impact: { leaders: {}, data: { atLeast: 10 GB }, regions: { atLeast: 5, atMost: 1 } }',
        '      during: { zone: UTC, from: 10:00, to: 10:00 }',
        'limits:',
        '  cooldown: 5 minutes',
        '  failures: { count: 2 }',
        '  runsAtOnce: 0',
        '  resourcesAtOnce:',
        '    - { kind: store }',
        '    - { kind: "store:1", share: 2, of: stores }',
        '    - { kind: store, share: 0.5 }',
        'risk:',
        '  - { id: c, when: { risk: low }, raiseTo: low, reason: No. }',
        'tests:',
        '  - { name: x, requester: { kind: robot, name: r }, expect: maybe, at: yesterday }',
        'guarded: yes',
      ].join('\n'),
    );
    const places = issues.map(({ path, line }) => `${line} ${path}`).toSorted();
    expect(places).toEqual(
      [
        '2 rules[0].id',
        '2 rules[0].reason',
        '3 rules[0].when.actoin',
        '3 rules[0].when.risk',
        '3 rules[0].when.during.zone',
        '3 rules[0].when.during.days[1]',
        '3 rules[0].when.during.from',
        '5 rules[0].approval.count',
        '7 rules[1].decision',
        '8 rules[1].reason',
        '10 rules[1].when.impact.leaders',
        '10 rules[1].when.impact.data.atLeast',
        '10 rules[1].when.impact.regions.atMost',
        '11 rules[1].when.during.to',
        '13 limits.cooldown',
        '14 limits.failures.block',
        '15 limits.runsAtOnce',
        '17 limits.resourcesAtOnce[0]',
        '18 limits.resourcesAtOnce[1].kind',
        '18 limits.resourcesAtOnce[1].share',
        '19 limits.resourcesAtOnce[2].of',
        '21 risk[0].when.risk',
        '21 risk[0].raiseTo',
        '23 tests[0].requester.kind',
        '23 tests[0].expect',
        '23 tests[0].at',
        '24 guarded',
      ].toSorted(),
    );
    const messages = new Map(issues.map(({ path, message }) => [path, message]));
    expect(messages.get('rules[0].when.actoin')).toBe('unknown key; did you mean action?');
    expect(messages.get('rules[0].reason')).toBe('is missing');
    expect(messages.get('rules[0].when.during.zone')).toContain('Europe/Berlin');
    expect(messages.get('limits.cooldown')).toContain('5m');
  });

  const one = rule('yes', 'allow');

  it.each([
    ['an empty file', '', 1, 'needs `rules`'],
    ['no rules', 'limits: {}', 1, 'is missing'],
    ['an id that stands twice', `rules:\n${one}${one}`, 3, 'another rule is called yes'],
    [
      'an id that a rule about risk has too',
      `rules:\n${one}risk:\n  - { id: yes, when: {}, raiseTo: high, reason: x }`,
      4,
      'another rule is called yes',
    ],
    [
      'an approval that nothing asks for',
      `rules:\n${rule('yes', 'allow', '{}', ', approval: { count: 2 }')}`,
      2,
      'only goes with decision: needs_approval',
    ],
    [
      'fewer people than approvals',
      `rules:\n${rule('ask', 'needs_approval', '{}', ', approval: { count: 2, from: [a, a] }')}`,
      2,
      'fewer people',
    ],
    [
      'a rule for nothing in particular',
      'rules:\n  - { id: a, decision: allow, reason: b }',
      2,
      'is missing',
    ],
    [
      'a window without a zone',
      `rules:\n${rule('a', 'allow', '{ during: { days: mon } }')}`,
      2,
      'is missing',
    ],
    ['an empty condition', `rules:\n${rule('a', 'allow', '{ action: [] }')}`, 2, 'at least one'],
    [
      'a condition that is null',
      `rules:\n${rule('a', 'allow', '{ action: }')}`,
      2,
      'expected string',
    ],
    ['what is not YAML', 'rules: [', 1, ''],
    ['a key twice', `rules:\n${one}rules: []`, 3, 'unique'],
  ])('such as %s', (_, text, line, words) => {
    const [issue, ...others] = issuesOf(text);
    expect(others).toEqual([]);
    expect(issue?.line).toBe(line);
    expect(issue?.message).toContain(words);
  });

  it('of the tests are mistakes of the file', () => {
    const timed = `rules:\n${rule('late', 'deny', '{ during: { zone: UTC } }')}`;
    const plan = 'plan: { subject: a, action: b, riskLevel: low }';
    const who = 'requester: { kind: person, name: x }';
    const test = (more: string) => `${timed}tests:\n  - { name: t, ${who}, ${more} }\n`;
    expect(issuesOf(test(`${plan}, expect: deny`))).toMatchObject([
      { line: 4, path: 'tests[0]', message: expect.stringContaining('needs `at`') },
    ]);
    const at = 'at: 2026-01-01T00:00:00Z';
    const expected = 'expect: { decision: deny, rules: [laet] }';
    expect(issuesOf(test(`${plan}, ${at}, ${expected}`))).toMatchObject([
      { path: 'tests[0].expect.rules[0]', message: 'there is no rule laet; did you mean late?' },
    ]);
    for (const both of ['', `${plan}, planFile: plan.json,`]) {
      expect(issuesOf(test(`${both} ${at}, expect: deny`))).toMatchObject([
        { message: 'needs either plan or planFile' },
      ]);
    }
  });

  it('of JSON have their place too', () => {
    expect(issuesOf('{\n  "rules": [\n    {"id": 7}]}', 'policy.json')).toMatchObject([
      { path: 'rules[0].id', line: 3 },
      { path: 'rules[0].when' },
      { path: 'rules[0].decision' },
      { path: 'rules[0].reason' },
    ]);
  });
});
