import { digestPlan } from 'operator-core';
import type { Plan, ResourceClaim } from 'operator-core';
import type { Actor, Runner } from '../ledger/actor.ts';
import type { Decision } from '../ledger/approval.ts';

export const ann: Actor = { kind: 'person', name: 'ann' };
export const ben: Actor = { kind: 'person', name: 'ben' };
export const cleo: Actor = { kind: 'person', name: 'cleo' };
export const script: Actor = { kind: 'program', name: 'nightly' };

export const POLICY = 'policy-1';

export const allow: Decision = {
  kind: 'allow',
  reasons: ['It is allowed.'],
  policyVersion: POLICY,
};

export function needs(count: number, rule: { from?: string[]; own?: boolean } = {}): Decision {
  const approval = { count, from: rule.from ?? null, requesterMayApprove: rule.own ?? false };
  const reasons = ['It needs consent.'];
  return { kind: 'needs_approval', reasons, policyVersion: POLICY, approval };
}

export function runner(id: string, options: Partial<Runner> = {}): Runner {
  return { id, actor: ann, role: 'command', ...options };
}

/** Members of a plan that a test cares about. */
export interface PlanOptions {
  readonly lock?: readonly string[];
  readonly share?: readonly string[];
  /** The resources that it has an effect on. */
  readonly change?: readonly string[];
  readonly system?: string;
  readonly action?: string;
  readonly subject?: string;
  readonly requests?: number;
  readonly lease?: string;
  readonly parameters?: Plan['parameters'];
}

let made = 0;

function requestAt(place: number): Plan['requests'][number] {
  return {
    protocol: 'http',
    purpose: `step ${place}`,
    method: 'POST',
    target: ['http://lamps.test'],
    path: `/steps/${place}`,
    body: null,
  };
}

/** A plan that no other is like. */
export function planOf(options: PlanOptions = {}): Plan {
  const { lock = [], share = [], change = [], system = 'one', lease, requests = 1 } = options;
  made += 1;
  const claims: ResourceClaim[] = [
    ...lock.map((resource) => ({ resource, mode: 'exclusive' as const })),
    ...share.map((resource) => ({ resource, mode: 'shared' as const })),
  ];
  const content: Omit<Plan, 'digest'> = {
    format: 'operator.plan/1',
    createdAt: '2026-01-01T00:00:00.000Z',
    expiresAt: '2026-01-01T01:00:00.000Z',
    subject: {
      name: options.subject ?? 'prod',
      plugin: 'lamps',
      system: { kind: 'lamp-house', id: system },
    },
    action: options.action ?? 'switch_lamp',
    parameters: { nonce: `${process.pid}-${made}`, ...options.parameters },
    summary: 'Switch a lamp',
    evidence: { bound: [], shown: [] },
    effects: change.map((resource) => ({ resource, description: 'it is on' })),
    impact: [],
    warnings: [],
    requests: [
      requestAt(0),
      ...Array.from({ length: requests - 1 }, (_, place) => requestAt(place + 1)),
    ],
    resources: claims,
    riskLevel: 'medium',
    requiresApproval: false,
    inverse: { none: 'it is a test' },
    standingEffect: lease === undefined ? null : { name: 'dark', resource: lease },
    deadlineMs: 1_000,
    settleMs: 0,
  };
  return { ...content, digest: digestPlan(content) };
}
