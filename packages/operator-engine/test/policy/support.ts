import { digestPlan, PLAN_FORMAT } from 'operator-core';
import type { Plan } from 'operator-core';
import { expect } from 'vitest';
import type { Decision } from '../../src/ledger/approval.ts';
import { decide } from '../../src/policy/decide.ts';
import type { PolicyTerms } from '../../src/policy/explain.ts';
import { parsePolicy } from '../../src/policy/load-policy.ts';
import type { LoadedPolicy } from '../../src/policy/policy.ts';

/** A Wednesday, ten in the morning in Greenwich. */
export const NOON = Date.parse('2026-11-18T10:00:00Z');
export const ADA = { kind: 'person', name: 'ada' } as const;

/** A plan that switches a lamp, and whatever else is wished. */
export function planOf(wish: Partial<Plan> = {}): Plan {
  const content: Omit<Plan, 'digest'> = {
    format: PLAN_FORMAT,
    createdAt: '2026-11-18T10:00:00.000Z',
    expiresAt: '2026-11-18T10:15:00.000Z',
    subject: { name: 'hall', plugin: 'lamps', system: { kind: 'lamps', id: '7' } },
    action: 'switch_lamp',
    parameters: { lamp_id: 1 },
    summary: 'Switch lamp 1 on.',
    evidence: { bound: [], shown: [] },
    effects: [{ resource: 'lamp:1', description: 'the lamp is on' }],
    impact: [{ name: 'lamps', value: 1, unit: 'count' }],
    warnings: [],
    requests: [
      {
        protocol: 'http',
        purpose: 'switch',
        method: 'POST',
        path: '/lamps/1',
        body: '{}',
        target: [],
      },
    ],
    resources: [
      { resource: 'lamp:1', mode: 'exclusive' },
      { resource: 'room:2', mode: 'shared' },
    ],
    riskLevel: 'low',
    requiresApproval: false,
    inverse: { action: 'switch_lamp', parameters: { lamp_id: 1 } },
    standingEffect: null,
    deadlineMs: 1000,
    settleMs: 0,
    ...wish,
  };
  return { ...content, digest: digestPlan(content) };
}

/** The policy of a text; the test fails when it has mistakes. */
export function policyOf(text: string): LoadedPolicy {
  const policy = parsePolicy(text, '/policies/policy.yaml');
  expect(policy.kind === 'unreadable' ? policy.error.message : '').toBe('');
  return policy;
}

/** One rule that matches everything, as YAML flow. */
export function rule(id: string, decision: string, when = '{}', more = ''): string {
  return `  - { id: ${id}, decision: ${decision}, when: ${when}, reason: Because of ${id}.${more} }\n`;
}

/** What the rules, one a text, decide about a plan. */
export function decideBy(
  rules: readonly string[],
  wish: Partial<PolicyTerms> & { plan?: Plan } = {},
): Decision {
  const policy = policyOf(rules.length === 0 ? 'rules: []' : `rules:\n${rules.join('')}`);
  const terms = { requester: ADA, mode: 'autonomous', purpose: 'change', now: NOON } as const;
  return decide({ plan: planOf(), policy, ...terms, ...wish });
}
