import { defineAction, defineObservation, definePlugin, draft, isHttpRequest } from 'operator-core';
import type {
  Action,
  ActionDefinition,
  ActionSource,
  AnyParametersSchema,
  Plan,
  PlanDraft,
  PlannedRequest,
  Subject,
  TargetedRequest,
} from 'operator-core';
import { z } from 'zod';

/** A lamp: the smallest system that can be operated. */
export const switchLamp = defineAction({
  name: 'switch_lamp',
  description: 'Switch a lamp on or off',
  riskLevel: 'low',
  requiresApproval: false,
  hints: { idempotent: true, destructive: false },
  parameters: z.strictObject({
    lamp_id: z.int().min(1).max(64).describe('The lamp').meta({ entity: 'lamp' }),
    state: z.enum(['on', 'off']).describe('How it shall be'),
    colour: z
      .string()
      .regex(/^#[0-9a-f]{6}$/)
      .default('#ffffff')
      .describe('Its colour'),
    brightness: z.number().min(0).max(1).optional().describe('How bright it shall be'),
    rooms: z.array(z.string()).optional().describe('Where it shines'),
  }),
  plan: async ({ parameters }) => ({ ...lampDraft, summary: `lamp ${parameters.lamp_id}` }),
  verify: async () => ({ state: 'reached', summary: 'It shines', facts: {} }),
});

/** An action that can only be described. */
export function actionWith(
  different: Partial<Action> & { readonly parameters: AnyParametersSchema },
): Action {
  return defineAction({
    name: 'switch_lamp',
    description: 'Switch a lamp',
    riskLevel: 'low',
    requiresApproval: false,
    plan: () => Promise.reject(new Error('not planned here')),
    verify: () => Promise.reject(new Error('not verified here')),
    ...different,
  });
}

/** A draft that uses every member. */
export const lampDraft: PlanDraft = draft({
  summary: 'Switch lamp 1 on',
  evidence: {
    bound: [{ name: 'lamp:1 state', value: 'off' }],
    shown: [{ name: 'lamp:1 power', value: { unknown: 'no meter' }, unit: 'count' }],
  },
  effects: [
    { resource: 'lamp:1', description: 'lamp 1 goes from off to on', before: 'off', after: 'on' },
    { resource: 'room:2', description: 'room 2 becomes bright' },
  ],
  impact: [
    { name: 'lamps', value: 1, unit: 'count' },
    { name: 'people', value: { unknown: 'nobody counts them' }, unit: 'count' },
  ],
  warnings: ['The switch is loud.'],
  requests: [
    {
      purpose: 'switch it',
      method: 'POST',
      path: '/lamps/1?loud=1',
      body: '{"state":"on"}',
      target: ['http://127.0.0.1:7000', 'https://lamps.test'],
    },
    { purpose: 'forget the timer', method: 'DELETE', path: '/lamps/1/timer', body: null },
  ],
  resources: [
    { resource: 'lamp:1', mode: 'exclusive' },
    { resource: 'room:2', mode: 'shared' },
  ],
  riskLevel: 'medium',
  inverse: { action: 'switch_lamp', parameters: { lamp_id: 1, state: 'off' } },
  standingEffect: { name: 'light', resource: 'lamp:1' },
  deadlineMs: 5_000,
  settleMs: 100,
  context: { bulb: 'b-17' },
});

export const observeLamps = defineObservation({
  name: 'lamps',
  description: 'All lamps',
  parameters: z.strictObject({}),
  view: { rows: 'lamps', columns: [{ key: 'power', title: 'POWER', unit: 'count' }] },
  read: async () => ({ lamps: [] }),
});

/** A plugin that can be used. */
export const lampPlugin = definePlugin({
  name: 'lamp',
  description: 'Lamps that are switched by HTTP',
  config: z.strictObject({ url: z.url() }),
  refusals: { LAMP_UNKNOWN: 'There is no such lamp.' },
  observations: [observeLamps],
  actions: [switchLamp],
  connect: () => lampSubject,
});

const lampSubject: Subject = {
  identify: async () => ({ kind: 'lamp', id: '1' }),
  send: async () => ({ outcome: 'not_sent', reason: 'there is no lamp' }),
  close: async () => {},
};

/** A source that lists the given actions. */
export function sourceOf(definitions: readonly ActionDefinition[]): ActionSource {
  return { getActionDefinitions: () => definitions };
}

/** A definition that a registry takes, but for what is given. */
export function definitionWith(different: Partial<ActionDefinition>): ActionDefinition {
  return {
    name: 'switch_lamp',
    description: 'Switch a lamp',
    parameters: { lamp_id: { type: 'integer', description: 'The lamp', required: true } },
    parametersSchema: { type: 'object' },
    riskLevel: 'low',
    requiresApproval: false,
    hints: { idempotent: false, destructive: true },
    ...different,
  };
}

/** A whole plan, but for its digest. */
export const lampPlan: Omit<Plan, 'digest'> = {
  format: 'operator.plan/1',
  createdAt: '2026-01-02T03:04:05.678Z',
  expiresAt: '2026-01-02T04:04:05.678Z',
  subject: { name: 'hall', plugin: 'lamp', system: { kind: 'lamp', id: '7', version: '1.2' } },
  action: 'switch_lamp',
  parameters: { lamp_id: 1, state: 'on', colour: '#ffffff' },
  summary: lampDraft.summary,
  evidence: lampDraft.evidence,
  effects: lampDraft.effects,
  impact: lampDraft.impact,
  warnings: lampDraft.warnings ?? [],
  requests: [
    targeted(lampDraft.requests[0]),
    {
      protocol: 'http',
      purpose: 'forget the timer',
      method: 'DELETE',
      path: '/lamps/1/timer',
      body: null,
      target: ['http://127.0.0.1:7000'],
    },
  ],
  resources: lampDraft.resources,
  riskLevel: 'medium',
  requiresApproval: false,
  inverse: lampDraft.inverse,
  standingEffect: lampDraft.standingEffect ?? null,
  deadlineMs: lampDraft.deadlineMs,
  settleMs: lampDraft.settleMs ?? 0,
};

function targeted(request: PlannedRequest): TargetedRequest {
  if (!isHttpRequest(request)) return { ...request, target: [] };
  const target = ['http://127.0.0.1:7000', 'https://lamps.test'];
  return { ...request, protocol: 'http', target };
}
