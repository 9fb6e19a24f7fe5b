import * as fc from 'fast-check';
import type { Plan } from 'operator-core';
import { describe, expect, it } from 'vitest';
import { ACTOR_KINDS } from '../../src/ledger/actor.ts';
import type { ApprovalRule, Decision } from '../../src/ledger/approval.ts';
import { MODES } from '../../src/ledger/mode.ts';
import { combineApprovals } from '../../src/policy/combine-approvals.ts';
import { PURPOSE_KINDS } from '../../src/ledger/run-record.ts';
import { explain } from '../../src/policy/explain.ts';
import type { Explanation } from '../../src/policy/explanation.ts';
import { matchesGlob } from '../../src/policy/glob.ts';
import { parsePolicy } from '../../src/policy/load-policy.ts';
import type { LoadedPolicy } from '../../src/policy/policy.ts';
import { limitsFor } from '../../src/policy/run-limits.ts';
import { NOON, planOf } from './support.ts';

const NAMES = ['ada', 'ben', 'eve', '__proto__'];
const RISKS = ['low', 'medium', 'high'] as const;
const RESOURCES = ['lamp:1', 'lamp:2', 'lamp', 'fuse:1', 'house'];
const QUANTITIES = ['lamps', 'watts', 'constructor'];

const resource = fc.constantFrom(...RESOURCES);
const mode = fc.constantFrom('shared' as const, 'exclusive' as const);
const value = fc.oneof(
  fc.nat(100),
  // JSON has no -0.
  fc.double().map((number) => number + 0),
  fc.constant({ unknown: 'silent' }),
);
const plans: fc.Arbitrary<Plan> = fc
  .record({
    action: fc.constantFrom('switch_lamp', 'cut_fuse'),
    riskLevel: fc.constantFrom(...RISKS),
    requiresApproval: fc.boolean(),
    inverse: fc.constantFrom({ none: 'no' }, { action: 'switch_lamp', parameters: {} }),
    resources: fc.array(fc.record({ resource, mode }), { maxLength: 3 }),
    effects: fc.array(fc.record({ resource, description: fc.constant('on') }), { maxLength: 2 }),
    impact: fc.array(
      fc.record({
        name: fc.constantFrom(...QUANTITIES),
        value,
        unit: fc.constant('count' as const),
      }),
      { maxLength: 3 },
    ),
    standingEffect: fc.option(fc.record({ name: fc.constant('tape'), resource })),
    total: fc.option(value),
  })
  .map(({ total, ...wish }) => {
    // A plan is JSON: what is not finite cannot stand in one.
    const impact = wish.impact.map((one) => ({ ...one, value: finite(one.value) }));
    const shown = total === null ? [] : [{ name: 'lamps', value: finite(total) }];
    return planOf({ ...wish, impact, evidence: { bound: [], shown } });
  });

function finite<Value>(amount: Value): Value | 0 {
  return typeof amount === 'number' && !Number.isFinite(amount) ? 0 : amount;
}

const some = <Value>(...values: readonly Value[]) =>
  fc.uniqueArray(fc.constantFrom(...values), { minLength: 1, maxLength: 2 });
const window = fc.record(
  {
    zone: fc.constantFrom('UTC', 'Europe/Berlin', 'Pacific/Apia', 'America/St_Johns'),
    days: some('mon', 'wed', 'sun'),
    from: fc.constantFrom('00:00', '08:30', '22:00'),
    to: fc.constantFrom('06:00', '17:45', '24:00'),
  },
  { requiredKeys: ['zone'] },
);
const always = {
  subject: some('hall', 'h*', 'cellar'),
  action: some('switch_*', 'cut_fuse', '*'),
  reversibility: some('reversible', 'irreversible'),
  requesterKind: some(...ACTOR_KINDS),
  requesterName: some('ada', 'b*', '__proto__'),
  purpose: some(...PURPOSE_KINDS),
  resource: some('lamp:*', 'lamp:1', 'fuse', '*:1', '*'),
  during: window,
  outside: fc.array(window, { minLength: 1, maxLength: 2 }),
  impact: fc.dictionary(
    fc.constantFrom(...QUANTITIES),
    fc.oneof(fc.record({ atLeast: fc.nat(50) }), fc.record({ atMost: fc.nat(50) })),
    { maxKeys: 2 },
  ),
};
const when = fc.record({ ...always, risk: some(...RISKS) }, { requiredKeys: [] });
const approval = fc.record(
  {
    count: fc.integer({ min: 1, max: 3 }),
    from: fc.uniqueArray(fc.constantFrom(...NAMES), { minLength: 3 }),
    requesterMayApprove: fc.boolean(),
  },
  { requiredKeys: [] },
);
const ruleWithout = fc.oneof(
  fc.record({ when, decision: fc.constantFrom('allow', 'deny') }),
  fc.record({ when, decision: fc.constant('needs_approval'), approval }),
);
const limits = fc.record(
  {
    runsAtOnce: fc.constantFrom<unknown>(1, 7, 'none'),
    resourcesAtOnce: fc.constantFrom<unknown>(
      [{ kind: 'lamp', share: 0.3, of: 'lamps' }],
      [{ kind: 'house', most: 1 }],
    ),
  },
  { requiredKeys: [] },
);

interface File {
  readonly rules: readonly object[];
  readonly risk: readonly object[];
  readonly limits: object;
  readonly guarded?: object;
}

const named = (prefix: string) => (rule: object, index: number) => {
  return { id: `${prefix}${index}`, reason: 'So.', ...rule };
};
const files: fc.Arbitrary<File> = fc
  .record(
    {
      rules: fc.array(ruleWithout, { maxLength: 5 }),
      risk: fc.array(
        fc.record({
          when: fc.record(always, { requiredKeys: [] }),
          raiseTo: fc.constantFrom('medium', 'high'),
        }),
        { maxLength: 2 },
      ),
      limits,
      guarded: approval,
    },
    { requiredKeys: ['rules', 'risk', 'limits'] },
  )
  .map(({ rules, risk, ...rest }) => {
    return { rules: rules.map(named('rule-')), risk: risk.map(named('risk-')), ...rest };
  });
const askings = fc.record({
  requester: fc.record({
    kind: fc.constantFrom(...ACTOR_KINDS),
    name: fc.constantFrom(...NAMES),
  }),
  purpose: fc.constantFrom(...PURPOSE_KINDS),
  mode: fc.constantFrom(...MODES),
  now: fc.integer({ min: 0, max: 2 * NOON }),
});

function toPolicy(file: File): LoadedPolicy {
  const policy = parsePolicy(JSON.stringify(file), '/policies/policy.json');
  expect(policy.kind === 'unreadable' ? policy.error.message : '').toBe('');
  return policy;
}

const STRICTNESS = { allow: 0, needs_approval: 1, deny: 2 };

/** Whether every way of permitting `one` would also permit `other`. */
function isNoMorePermitted(one: Decision, other: Decision): boolean {
  if (one.kind === 'deny' || other.kind === 'allow') return true;
  if (one.kind === 'allow' || other.kind === 'deny') return false;
  return isAsStrict(one.approval, other.approval);
}

function isAsStrict(one: ApprovalRule | undefined, other: ApprovalRule | undefined): boolean {
  if (one === undefined || other === undefined) return false;
  const from = other.from;
  return (
    one.count >= other.count &&
    (from === null || (one.from?.every((name) => from.includes(name)) ?? false)) &&
    (other.requesterMayApprove || !one.requesterMayApprove)
  );
}

describe('whatever plan, policy, requester, mode and time', () => {
  const expectLaw = (
    hold: (found: Explanation, asked: { file: File; plan: Plan }) => void,
  ): void => {
    fc.assert(
      fc.property(files, plans, askings, (file, plan, asked) => {
        hold(explain({ plan, policy: toPolicy(file), ...asked }), { file, plan });
      }),
      { numRuns: 120 },
    );
  };

  it('there is a decision that the ledger can keep', () => {
    expectLaw(({ decision, ...shown }) => {
      expect(JSON.parse(JSON.stringify({ decision, ...shown }))).toEqual({ decision, ...shown });
      expect(decision.reasons.length).toBeGreaterThan(0);
      expect(decision.policyVersion).toMatch(/^sha256:/u);
      expect('approval' in decision).toBe(decision.kind === 'needs_approval');
    });
  });

  it('nothing is allowed that a rule denies, or that needs consent', () => {
    expectLaw(({ decision, rules, mode: in_, risk }, { plan }) => {
      const said = rules.filter(({ matched }) => matched).map((rule) => rule.decision);
      const strictest = Math.max(0, ...said.map((kind) => STRICTNESS[kind]));
      expect(STRICTNESS[decision.kind]).toBeGreaterThanOrEqual(strictest);
      if (plan.requiresApproval) expect(decision.kind).not.toBe('allow');
      if (in_ === 'observe') expect(decision.kind).toBe('deny');
      if (in_ === 'guarded') expect(decision.kind).not.toBe('allow');
      expect(RISKS.indexOf(risk.effective)).toBeGreaterThanOrEqual(RISKS.indexOf(risk.declared));
    });
  });

  it('a change is not permitted without a rule that matches', () => {
    expectLaw(({ decision, rules, purpose }) => {
      if (purpose !== 'change' && purpose !== 'undo') return;
      if (rules.some(({ matched }) => matched)) return;
      expect(decision.kind).toBe('deny');
    });
  });

  it('all that is asked for satisfies every rule that matched', () => {
    expectLaw(({ decision, rules }) => {
      if (decision.kind !== 'needs_approval') return;
      const asked = rules.filter(({ matched }) => matched).map((rule) => rule.approval);
      const short = asked.filter((one) => one !== null && !isAsStrict(decision.approval, one));
      expect(short).toEqual([]);
    });
  });
});

describe('more rules', () => {
  it.each(['deny', 'needs_approval'] as const)('that %s never permit more', (decision) => {
    fc.assert(
      fc.property(files, plans, askings, when, fc.nat(), (file, plan, asked, more, at) => {
        const added = { id: 'added', reason: 'So.', when: more, decision };
        const place = at % (file.rules.length + 1);
        const rules = file.rules.toSpliced(place, 0, added);
        const before = explain({ plan, policy: toPolicy(file), ...asked });
        const after = explain({ plan, policy: toPolicy({ ...file, rules }), ...asked });
        const isFirst = !before.rules.some(({ matched }) => matched);
        // The first rule that asks makes something possible that no rule was about.
        if (decision === 'needs_approval' && isFirst) return;
        expect(isNoMorePermitted(after.decision, before.decision)).toBe(true);
      }),
      { numRuns: 100 },
    );
  });

  it('about risk never permit more, where only low risk is allowed', () => {
    fc.assert(
      fc.property(plans, askings, fc.record(always, { requiredKeys: [] }), (plan, asked, more) => {
        const rules = [{ id: 'a', reason: 'So.', when: { risk: 'low' }, decision: 'allow' }];
        const file = { rules, risk: [], limits: {} };
        const raising = [{ id: 'b', reason: 'So.', when: more, raiseTo: 'medium' }];
        const before = explain({ plan, policy: toPolicy(file), ...asked });
        const after = explain({ plan, policy: toPolicy({ ...file, risk: raising }), ...asked });
        expect(isNoMorePermitted(after.decision, before.decision)).toBe(true);
      }),
      { numRuns: 100 },
    );
  });

  it('in another order decide the same', () => {
    fc.assert(
      fc.property(files, plans, askings, (file, plan, asked) => {
        const { decision: one } = explain({ plan, policy: toPolicy(file), ...asked });
        const rules = file.rules.toReversed();
        const { decision: other } = explain({
          plan,
          policy: toPolicy({ ...file, rules }),
          ...asked,
        });
        expect(other.kind).toBe(one.kind);
        expect(sorted(other.approval)).toEqual(sorted(one.approval));
      }),
      { numRuns: 100 },
    );
  });

  function sorted(asked: ApprovalRule | undefined): unknown {
    return { ...asked, from: asked?.from?.toSorted() ?? null };
  }
});

describe('a file that is broken', () => {
  const texts = fc.oneof(
    fc.string(),
    fc.json(),
    files.chain((file) => {
      const text = JSON.stringify(file, null, 1);
      return fc
        .tuple(fc.nat(text.length), fc.nat(8), fc.string({ maxLength: 3 }))
        .map(([at, length, put]) => text.slice(0, at) + put + text.slice(at + length));
    }),
  );

  it('denies everything, and never throws', () => {
    fc.assert(
      fc.property(
        texts,
        fc.constantFrom('yaml', 'json'),
        plans,
        askings,
        (text, as, plan, asked) => {
          const policy = parsePolicy(text, `/policies/policy.${as}`);
          const { decision } = explain({ plan, policy, ...asked });
          const claimed = limitsFor(policy, { plan, purpose: 'change' });
          if (policy.kind !== 'unreadable') return;
          expect(policy.issues.length).toBeGreaterThan(0);
          expect(decision.kind).toBe('deny');
          expect(claimed).toMatchObject({ runsAtOnce: 0 });
        },
      ),
      { numRuns: 250 },
    );
  });
});

describe('parts', () => {
  it('a pattern matches as the same regular expression does', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', ':'), maxLength: 8 });
    const pattern = fc.string({ unit: fc.constantFrom('a', 'b', ':', '*'), maxLength: 6 });
    fc.assert(
      fc.property(pattern, text, (wanted, found) => {
        const expression = new RegExp(`^${wanted.replaceAll('*', '.*')}$`, 'u');
        expect(matchesGlob(wanted, found)).toBe(expression.test(found));
      }),
    );
  });

  it('approvals are combined whatever the order', () => {
    const rules = fc.record({
      count: fc.integer({ min: 1, max: 4 }),
      from: fc.option(fc.uniqueArray(fc.constantFrom(...NAMES))),
      requesterMayApprove: fc.boolean(),
    });
    fc.assert(
      fc.property(rules, rules, (one, other) => {
        const both = combineApprovals(one, other);
        const turned = combineApprovals(other, one);
        expect(isAsStrict(both, one) && isAsStrict(both, other)).toBe(true);
        expect(isAsStrict(both, turned) && isAsStrict(turned, both)).toBe(true);
      }),
    );
  });
});
