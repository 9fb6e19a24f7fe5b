import { describe, expect, it } from 'vitest';
import { explain } from '../../src/policy/explain.ts';
import { loadPolicy, parsePolicy } from '../../src/policy/load-policy.ts';
import { decide } from '../../src/policy/decide.ts';
import type { Plan } from 'operator-core';
import { ADA, decideBy, NOON, planOf, policyOf, rule } from './support.ts';

const AGENT = { kind: 'agent', name: 'helper' } as const;
const RUNNER = { kind: 'runner', name: 'watch' } as const;
const terms = { requester: ADA, mode: 'autonomous', purpose: 'change', now: NOON } as const;

describe('rules together', () => {
  it('deny before they ask, and ask before they allow; every one that matched is listed', () => {
    const rules = [
      rule('yes', 'allow'),
      rule('ask', 'needs_approval'),
      rule('no', 'deny'),
      rule('other', 'deny', '{ action: other }'),
      rule('never', 'deny'),
    ];
    expect(decideBy(rules)).toMatchObject({
      kind: 'deny',
      reasons: [
        'Rule no (policy.yaml:4) denies: Because of no.',
        'Rule never (policy.yaml:6) denies: Because of never.',
        'Rule ask (policy.yaml:3) asks for 1 approval: Because of ask.',
        'Rule yes (policy.yaml:2) allows: Because of yes.',
      ],
      details: {
        rules: [{ id: 'yes', line: 2 }, { id: 'ask' }, { id: 'no', line: 4 }, { id: 'never' }],
      },
    });
    expect(decideBy(rules.slice(0, 2)).kind).toBe('needs_approval');
    expect(decideBy(rules.slice(0, 1)).kind).toBe('allow');
  });

  it('do not give an approval with a denial or an allowance', () => {
    expect(decideBy([rule('ask', 'needs_approval'), rule('no', 'deny')])).not.toHaveProperty(
      'approval',
    );
    expect(decideBy([rule('yes', 'allow')])).not.toHaveProperty('approval');
  });

  it('deny where none matches', () => {
    const decision = decideBy([rule('other', 'allow', '{ action: other }')]);
    expect(decision).toMatchObject({
      kind: 'deny',
      reasons: ['No rule of policy.yaml allows it.'],
    });
    expect(decideBy([]).kind).toBe('deny');
  });

  it('ask for the most approvals, of those whom every rule names', () => {
    const decision = decideBy([
      rule('a', 'needs_approval', '{}', ', approval: { count: 1, from: [ada, ben, eve, dan] }'),
      rule('b', 'needs_approval', '{}', ', approval: { count: 2, from: [ben, eve, zoe] }'),
      rule('c', 'needs_approval', '{}', ', approval: { requesterMayApprove: true }'),
    ]);
    expect(decision.approval).toEqual({
      count: 2,
      from: ['ben', 'eve'],
      requesterMayApprove: false,
    });
  });

  it('deny immediately when no approver could ever consent', () => {
    const apart = decideBy([
      rule('a', 'needs_approval', '{}', ', approval: { from: [ben] }'),
      rule('b', 'needs_approval', '{}', ', approval: { from: [eve] }'),
    ]);
    expect(apart).toMatchObject({ kind: 'deny' });
    expect(apart.reasons.at(-1)).toBe(
      'It can never be approved: an approval is needed, and no person may give one.',
    );
    const own = [rule('a', 'needs_approval', '{}', ', approval: { count: 2, from: [ada, ben] }')];
    expect(decideBy(own).reasons.at(-1)).toContain('2 approvals are needed, and only ben may');
    expect(decideBy(own, { requester: AGENT }).kind).toBe('needs_approval');
  });
});

describe('an action that asks for consent itself', () => {
  const plan = planOf({ requiresApproval: true });

  it('needs it although a rule allows the change', () => {
    const decision = decideBy([rule('yes', 'allow')], { plan });
    expect(decision).toMatchObject({
      kind: 'needs_approval',
      approval: { count: 1, from: null, requesterMayApprove: true },
    });
    expect(decision.reasons).toContain('The action switch_lamp asks for the consent of a person.');
  });

  it('is not asked for less than a rule asks', () => {
    const rules = [rule('ask', 'needs_approval', '{}', ', approval: { count: 3 }')];
    expect(decideBy(rules, { plan }).approval).toEqual({
      count: 3,
      from: null,
      requesterMayApprove: false,
    });
    expect(decideBy([rule('no', 'deny')], { plan }).kind).toBe('deny');
  });
});

describe('without a file', () => {
  const policy = loadPolicy(null);

  it('the actions say themselves, with the default limits', () => {
    const { decision, limits } = explain({ plan: planOf(), policy, ...terms });
    expect(decision).toMatchObject({ kind: 'allow', policyVersion: policy.version });
    expect(limits).toEqual({
      runsAtOnce: 5,
      runsPerHour: 60,
      cooldownMs: 300_000,
      failures: { count: 3, blockMs: 3_600_000 },
    });
    const asking = planOf({ requiresApproval: true });
    expect(decide({ plan: asking, policy, ...terms }).kind).toBe('needs_approval');
  });

  it('the modes still apply', () => {
    const plan = planOf();
    expect(decide({ plan, policy, ...terms, mode: 'observe' }).kind).toBe('deny');
    expect(decide({ plan, policy, ...terms, mode: 'guarded' })).toMatchObject({
      kind: 'needs_approval',
      approval: { count: 1, from: null, requesterMayApprove: true },
    });
  });
});

describe('modes', () => {
  const allow = [rule('yes', 'allow')];
  const ask = [rule('ask', 'needs_approval', '{}', ', approval: { count: 2 }')];
  const deny = [rule('no', 'deny')];

  it.each([
    ['observe', allow, 'deny'],
    ['observe', ask, 'deny'],
    ['observe', deny, 'deny'],
    ['guarded', allow, 'needs_approval'],
    ['guarded', ask, 'needs_approval'],
    ['guarded', deny, 'deny'],
    ['autonomous', allow, 'allow'],
    ['autonomous', ask, 'needs_approval'],
    ['autonomous', deny, 'deny'],
  ] as const)('%s with %j is %s', (mode, rules, kind) => {
    expect(decideBy(rules, { mode })).toMatchObject({ kind, details: { mode } });
  });

  it('guarded asks for what the file says of it, and never for less than a rule', () => {
    const text = (rules: readonly string[]): string =>
      `rules:\n${rules.join('')}guarded: { count: 3, from: [ben, eve, dan] }\n`;
    const guarded = { plan: planOf(), ...terms, mode: 'guarded' } as const;
    expect(decide({ ...guarded, policy: policyOf(text(allow)) }).approval).toEqual({
      count: 3,
      from: ['ben', 'eve', 'dan'],
      requesterMayApprove: false,
    });
    expect(decideBy(ask, { mode: 'guarded' }).approval).toMatchObject({ count: 2 });
  });

  it('an unknown mode lets nothing run', () => {
    expect(decideBy(allow, { mode: 'reckless' as 'autonomous' }).kind).toBe('deny');
  });
});

describe('purposes', () => {
  it('a rule that names none is about changes and undos', () => {
    const rules = [rule('no', 'deny')];
    expect(decideBy(rules, { purpose: 'undo' }).kind).toBe('deny');
    for (const purpose of ['lease_end', 'cancel'] as const) {
      expect(decideBy(rules, { purpose, requester: RUNNER })).toMatchObject({
        kind: 'allow',
        reasons: ['It ends an effect that was allowed, and no rule forbids it.'],
      });
    }
  });

  it('a rule that names one is about that one', () => {
    const rules = [rule('yes', 'allow'), rule('no', 'deny', '{ purpose: [lease_end] }')];
    expect(decideBy(rules).kind).toBe('allow');
    expect(decideBy(rules, { purpose: 'lease_end' }).kind).toBe('deny');
    expect(decideBy(rules, { purpose: 'cancel' }).kind).toBe('allow');
  });

  it('an undo needs a rule that allows it', () => {
    expect(decideBy([], { purpose: 'undo' }).kind).toBe('deny');
    expect(decideBy([rule('yes', 'allow')], { purpose: 'undo' }).kind).toBe('allow');
  });
});

describe('failing closed', () => {
  const broken = parsePolicy('rules: 7', '/policies/policy.yaml');

  it('denies everything under a policy that cannot be used', () => {
    expect(broken.kind).toBe('unreadable');
    for (const purpose of ['change', 'undo', 'lease_end', 'cancel'] as const) {
      const decision = decide({ plan: planOf(), policy: broken, ...terms, purpose });
      expect(decision.kind).toBe('deny');
      expect(decision.reasons[0]).toContain('/policies/policy.yaml:1:1 rules: Invalid input');
    }
  });

  it('denies when a rule cannot be evaluated, regardless of the other rules', () => {
    const rules = [rule('yes', 'allow'), rule('late', 'allow', '{ during: { zone: UTC } }')];
    const decision = decideBy(rules, { now: Number.NaN });
    expect(decision.kind).toBe('deny');
    expect(decision.reasons[0]).toMatch(
      /^Rule late \(policy\.yaml:3\) cannot be evaluated: .*time/u,
    );
    expect(decision.details).toMatchObject({ at: null });
  });

  it('denies when a rule about risk cannot be looked at', () => {
    const policy = policyOf(
      `rules:\n${rule('yes', 'allow')}risk:\n  - { id: night, raiseTo: high, reason: Dark., when: { during: { zone: UTC } } }\n`,
    );
    const { decision, risk } = explain({ plan: planOf(), policy, ...terms, now: Number.NaN });
    expect(decision.kind).toBe('deny');
    expect(risk.effective).toBe('high');
  });

  it('denies a document that is not a plan', () => {
    const policy = policyOf(`rules:\n${rule('yes', 'allow')}`);
    expect(decide({ plan: {} as Plan, policy, ...terms }).kind).toBe('deny');
  });
});

describe('the effective risk', () => {
  const risk = [
    'risk:',
    '  - { id: many, raiseTo: high, reason: Many lamps., when: { impact: { lamps: { atLeast: 10 } } } }',
    '  - { id: some, raiseTo: medium, reason: Some., when: { action: switch_* } }',
  ].join('\n');
  const policy = policyOf(
    `rules:\n${rule('calm', 'allow', '{ risk: [low, medium] }')}${rule('hot', 'needs_approval', '{ risk: high }')}${risk}\n`,
  );
  const lamps = (value: number | { unknown: string }): Plan['impact'] => [
    { name: 'lamps', value, unit: 'count' },
  ];

  it.each([
    ['low', lamps(9), 'medium', 'allow'],
    ['low', lamps(10), 'high', 'needs_approval'],
    ['low', lamps({ unknown: 'silent' }), 'high', 'needs_approval'],
    ['low', [], 'high', 'needs_approval'],
    ['high', lamps(1), 'high', 'needs_approval'],
  ] as const)(
    'of a plan of %s risk that touches %j is %s',
    (riskLevel, impact, effective, kind) => {
      const plan = planOf({ riskLevel, impact });
      const { decision, risk: raised } = explain({ plan, policy, ...terms });
      expect(raised).toEqual({ declared: riskLevel, effective });
      expect(decision.kind).toBe(kind);
    },
  );

  it('names the rule that raised it', () => {
    const plan = planOf({ impact: lamps(12) });
    expect(decide({ plan, policy, ...terms }).details).toMatchObject({
      risk: {
        declared: 'low',
        effective: 'high',
        raisedBy: [
          { id: 'many', line: 5, raiseTo: 'high', found: { impact: { lamps: 12 } } },
          { id: 'some', line: 6, raiseTo: 'medium' },
        ],
      },
    });
  });
});
