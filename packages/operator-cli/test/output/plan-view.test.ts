import { PLAN_FORMAT } from 'operator-core';
import type { Plan } from 'operator-core';
import { expect, it } from 'vitest';
import { formatPlan } from '../../src/output/plan-view.ts';
import { createStyle } from '../../src/output/style.ts';

const plan: Plan = {
  format: PLAN_FORMAT,
  digest: 'sha256:00',
  createdAt: '2026-11-21T20:00:00Z',
  expiresAt: '2026-11-21T21:00:00Z',
  subject: { name: 'prod', plugin: 'lamps', system: { kind: 'house', id: '7462', version: '3' } },
  action: 'switch_lamp',
  parameters: { lamp_id: 1, pin: '1234' },
  summary: 'Switch lamp 1 on.',
  evidence: {
    bound: [
      { name: 'lamp:1 on', value: false },
      { name: 'lamp:1 used', value: 2048, unit: 'bytes', tolerance: { atMost: 4096 } },
      { name: 'lamp:1 age', value: 7, tolerance: { atLeast: 2, within: { ratio: 0.5 } } },
    ],
    shown: [
      { name: 'lamp:1 memory', value: 1536, unit: 'bytes' },
      { name: 'lamp:1 heat', value: { unknown: 'no sensor' } },
    ],
  },
  effects: [{ resource: 'lamp:1', description: 'it shines', before: false, after: true }],
  impact: [{ name: 'power', value: 2048, unit: 'bytes_per_second' }],
  warnings: ['Somebody may be \u001B[5masleep.'],
  requests: [
    {
      protocol: 'http',
      purpose: 'throw the switch',
      method: 'POST',
      path: '/lamps/1',
      body: '{"on":\n true}',
      target: ['http://a', 'http://b'],
    },
    {
      protocol: 'http',
      purpose: 'tell the owner',
      method: 'DELETE',
      path: '/notes',
      body: null,
      target: [],
    },
  ],
  resources: [
    { resource: 'lamp:1', mode: 'exclusive' },
    { resource: 'fuse:2', mode: 'shared' },
  ],
  riskLevel: 'high',
  requiresApproval: true,
  inverse: { none: 'the bulb is gone' },
  standingEffect: { name: 'child-lock', resource: 'lamp:1' },
  deadlineMs: 65_000,
  settleMs: 2_000,
  context: { bulb: 'b-17', sockets: [1, 2] },
};

it('shows all that a user must know before the request is sent', () => {
  const definitions = { pin: { secret: true } };
  const lines = formatPlan(plan, { style: createStyle(false), width: 80 }, definitions);
  expect(lines.join('\n')).toMatchInlineSnapshot(`
    "Plan: Switch lamp 1 on.

      Subject  prod (plugin lamps)
      System   house 7462, version 3
      Action   switch_lamp lamp_id=1 pin=(hidden)
      Risk     high, needs approval

    What is expected to change
      lamp:1  it shines  (no → yes)

    How much it touches
      power  2 KiB/s

    Warnings
      ! Somebody may be \\u001b[5masleep.

    Must still be so when it is sent
      lamp:1 on    no
      lamp:1 used  2 KiB (may be at most 4 KiB)
      lamp:1 age   7 (may be at least 2, within 50 % of it)

    Also read
      lamp:1 memory  1.5 KiB
      lamp:1 heat    unknown (no sensor)

    Kept for the proof
      bulb     b-17
      sockets  1, 2

    What will be sent, byte for byte
      1. throw the switch
         POST /lamps/1
         to http://a or http://b
         {"on":
          true}
      2. tell the owner
         DELETE /notes

    Afterwards
      Proven when     the effect is seen within 65 s of sending, and holds for 2 s, in which the system itself may take it back
      Stays in force  child-lock on lamp:1, until it is removed
      Undone by       nothing: the bulb is gone
      Disturbs        lamp:1, fuse:2 (shared)
      Digest          sha256:00"
  `);
});

it('shows the text of a request that does not go by HTTP, and how long a request is waited for', () => {
  const [request] = plan.requests;
  const statement = {
    purpose: 'name it',
    protocol: 'resp',
    statement: ['MULTI', ['SET', 'a', 'b']],
    text: 'MULTI\nSET a b',
    target: ['cache-1:6379'],
    timeoutMs: 90_000,
  };
  const binary = { ...request, body: 'AP8=', encoding: 'base64' } as const;
  const lines = formatPlan(
    { ...plan, requests: [statement, binary] },
    { style: createStyle(false), width: 80 },
  ).join('\n');
  expect(lines).toContain(
    '  1. name it\n     resp MULTI\n     to cache-1:6379\n     waits up to 90 s\n     SET a b',
  );
  expect(lines).toContain('(base64)\n     AP8=');
});
