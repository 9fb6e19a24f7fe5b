import type { Plan } from 'operator-core';
import { describe, expect, it } from 'vitest';
import { explain } from '../../src/policy/explain.ts';
import type { PolicyTerms } from '../../src/policy/explain.ts';
import { matchesGlob } from '../../src/policy/glob.ts';
import { coversResource, meetsResource } from '../../src/policy/resource-pattern.ts';
import { ADA, decideBy, NOON, planOf, policyOf, rule } from './support.ts';

describe('a pattern', () => {
  it.each([
    ['store:*', 'store:4', true],
    ['store:*', 'store:', true],
    ['store:*', 'stores', false],
    ['*', '', true],
    ['a*a', 'a', false],
    ['a*a', 'aa', true],
    ['*b*', 'abc', true],
    ['a*b*c', 'a-b-b-c', true],
    ['a*b*c', 'a-c-b', false],
    ['ab*bc', 'abc', false],
    ['plain', 'plain', true],
    ['plain', 'plainer', false],
    ['a.c', 'abc', false],
    ['[a]', 'a', false],
    ['Store', 'store', false],
  ])('%j and %j: %s', (pattern, text, matches) => {
    expect(matchesGlob(pattern, text)).toBe(matches);
  });

  it('of many stars is no trap', () => {
    expect(matchesGlob('*a'.repeat(1_000), 'b'.repeat(100_000))).toBe(false);
  });

  it.each([
    ['store:4', 'store:4', true, true],
    ['store:4', 'store', false, true],
    ['store:*', 'store', true, true],
    ['store:4*', 'store', false, true],
    ['store', 'store:4', true, true],
    ['*:4', 'store', false, true],
    ['region:*', 'store', false, false],
    ['region:4', 'store:4', false, false],
    ['*', 'cluster', true, true],
  ])('%j covers %j: %s, meets it: %s', (pattern, resource, covers, meets) => {
    expect(coversResource(pattern, resource)).toBe(covers);
    expect(meetsResource(pattern, resource)).toBe(meets);
  });
});

describe('a condition', () => {
  function matches(when: string, wish: Partial<PolicyTerms> & { plan?: Plan } = {}): boolean {
    return decideBy([rule('yes', 'allow', when)], wish).kind === 'allow';
  }
  const irreversible = planOf({ inverse: { none: 'lamps burn out' } });

  it.each<[string, Partial<PolicyTerms> & { plan?: Plan }, boolean]>([
    ['{ subject: hall }', {}, true],
    ['{ subject: [cellar, h*l] }', {}, true],
    ['{ subject: cellar }', {}, false],
    ['{ action: switch_lamp }', {}, true],
    ['{ action: "*_lamp" }', {}, true],
    ['{ action: switch }', {}, false],
    ['{ risk: [low, high] }', {}, true],
    ['{ risk: medium }', {}, false],
    ['{ reversibility: reversible }', {}, true],
    ['{ reversibility: reversible }', { plan: irreversible }, false],
    ['{ reversibility: irreversible }', { plan: irreversible }, true],
    ['{ requesterKind: person }', {}, true],
    ['{ requesterKind: [agent, program] }', {}, false],
    ['{ requesterName: a* }', {}, true],
    ['{ requesterName: ben }', {}, false],
    ['{ impact: { lamps: { atMost: 1 } } }', {}, true],
    ['{ impact: { lamps: { atLeast: 1, atMost: 1 } } }', {}, true],
    ['{ impact: { lamps: { atLeast: 2 } } }', {}, false],
    ['{ subject: hall, action: other }', {}, false],
  ])('%s holds: %j', (when, wish, holds) => {
    expect(matches(when, wish)).toBe(holds);
  });

  it('of resources restricts by any that is touched and permits only by all that is disturbed', () => {
    const plan = planOf({
      resources: [
        { resource: 'lamp:1', mode: 'exclusive' },
        { resource: 'fuse:3', mode: 'exclusive' },
        { resource: 'room:2', mode: 'shared' },
      ],
      standingEffect: { name: 'tape', resource: 'door:9' },
    });
    const all = '{ resource: ["lamp:*", "fuse:*", "door:*"] }';
    expect(matches('{ resource: "lamp:*" }', { plan })).toBe(false);
    expect(matches('{ resource: ["lamp:*", "fuse:*"] }', { plan })).toBe(false);
    expect(matches(all, { plan })).toBe(true);
    for (const resource of ['lamp:1', 'fuse:*', 'room:2', 'door']) {
      const rules = [rule('yes', 'allow'), rule('no', 'deny', `{ resource: "${resource}" }`)];
      expect(decideBy(rules, { plan }).kind, resource).toBe('deny');
    }
    const rules = [rule('yes', 'allow'), rule('no', 'deny', '{ resource: "lamp:2" }')];
    expect(decideBy(rules, { plan }).kind).toBe('allow');
    const bare = planOf({ resources: [{ resource: 'lamp', mode: 'shared' }] });
    expect(decideBy(rules, { plan: bare }).kind).toBe('deny');
  });

  it('of resources does not permit a plan that names none', () => {
    const plan = planOf({ resources: [], effects: [] });
    expect(matches('{ resource: "*" }', { plan })).toBe(false);
  });

  it.each<[string, Plan['impact']]>([
    ['stated by nobody', []],
    ['unknown', [{ name: 'lamps', value: { unknown: 'silent' }, unit: 'count' }]],
    [
      'stated twice',
      [
        { name: 'lamps', value: 1, unit: 'count' },
        { name: 'lamps', value: 100, unit: 'count' },
      ],
    ],
    ['named like something of every object', [{ name: 'other', value: 1, unit: 'count' }]],
  ])('of an impact that is %s restricts and does not permit', (_, impact) => {
    const plan = planOf({ impact });
    expect(matches('{ impact: { lamps: { atMost: 5 } } }', { plan })).toBe(false);
    expect(matches('{ impact: { toString: { atMost: 5 } } }', { plan })).toBe(false);
    const big = rule('no', 'deny', '{ impact: { lamps: { atLeast: 50 } } }');
    expect(decideBy([rule('yes', 'allow'), big], { plan }).kind).toBe('deny');
  });
});

describe('explaining', () => {
  it('shows of every rule why it matched or did not', () => {
    const policy = policyOf(
      [
        'rules:',
        '  - id: agents',
        '    when: { requesterKind: agent, resource: "lamp:*", impact: { lamps: { atMost: 0 } } }',
        '    decision: allow',
        '    reason: Agents may.',
        '  - id: night',
        '    when: { outside: { zone: Europe/Berlin, from: 06:00, to: 22:30 } }',
        '    decision: deny',
        '    reason: People sleep.',
      ].join('\n'),
    );
    const asked = { requester: ADA, mode: 'autonomous', purpose: 'change', now: NOON } as const;
    const { rules, decision, byRules, risk } = explain({ plan: planOf(), policy, ...asked });
    expect({ byRules, risk, kind: decision.kind }).toEqual({
      byRules: 'deny',
      risk: { declared: 'low', effective: 'low' },
      kind: 'deny',
    });
    expect(rules).toMatchObject([
      { id: 'agents', line: 2, column: 5, matched: false, error: null, decision: 'allow' },
      { id: 'night', line: 6, matched: false, reason: 'People sleep.' },
    ]);
    expect(rules.map(({ conditions }) => conditions)).toEqual([
      [
        { condition: 'requesterKind', holds: 'no', wanted: ['agent'], found: 'person' },
        { condition: 'purpose', holds: 'yes', wanted: ['change', 'undo'], found: 'change' },
        { condition: 'resource', holds: 'yes', wanted: ['lamp:*'], found: ['lamp:1'] },
        {
          condition: 'impact',
          holds: 'no',
          wanted: { lamps: { atLeast: null, atMost: 0 } },
          found: { lamps: 1 },
        },
      ],
      [
        { condition: 'purpose', holds: 'yes', wanted: ['change', 'undo'], found: 'change' },
        {
          condition: 'outside',
          holds: 'no',
          wanted: [
            {
              zone: 'Europe/Berlin',
              days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'],
              from: '06:00',
              to: '22:30',
            },
          ],
          found: [{ zone: 'Europe/Berlin', day: 'wed', time: '11:00' }],
        },
      ],
    ]);
  });

  it('is plain JSON', () => {
    const policy = policyOf(`rules:\n${rule('yes', 'allow', '{ during: { zone: UTC } }')}`);
    const asked = { requester: ADA, mode: 'autonomous', purpose: 'change', now: NOON } as const;
    const explanation = explain({ plan: planOf(), policy, ...asked });
    expect(JSON.parse(JSON.stringify(explanation))).toEqual(explanation);
  });
});
