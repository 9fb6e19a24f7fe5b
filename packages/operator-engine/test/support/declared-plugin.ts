import { definePlugin, draft, forSubject } from 'operator-core';
import type { Quantity, Subject } from 'operator-core';
import { z } from 'zod';

/** A system without any connection: it is what its configuration says. */
interface PaperSubject extends Subject {
  readonly value: unknown;
  readonly impact: Quantity;
  readonly kind: string;
}

const { defineAction, defineObservation } = forSubject<PaperSubject>();

const value = defineObservation({
  name: 'value',
  description: 'The value of the configuration.',
  parameters: z.strictObject({}),
  result: z.strictObject({ size: z.int().describe('Its size') }),
  read: async ({ subject }) => subject.value,
});

const pages = defineObservation({
  name: 'pages',
  description: 'The value as one page.',
  parameters: z.strictObject({
    after: z.string().describe('Cursor of the page').optional(),
    limit: z.int().min(1).describe('Most rows').optional(),
  }),
  pages: { rows: 'keys', next: 'next', cursor: 'after', limit: 'limit' },
  read: async ({ subject }) => subject.value,
});

const change = defineAction({
  name: 'change',
  description: 'Change it.',
  riskLevel: 'low',
  requiresApproval: false,
  parameters: z.strictObject({}),
  plan: async ({ subject: { impact, kind } }) =>
    draft({
      summary: 'Change it.',
      evidence: { bound: [], shown: [] },
      effects: [
        { resource: `${kind}:1`, description: 'it grows', before: 1, after: 2, unit: 'bytes' },
      ],
      impact: [impact],
      requests: [{ purpose: 'change', protocol: 'paper', statement: [], text: 'change' }],
      resources: [{ resource: `${kind}:1`, mode: 'exclusive' }],
      inverse: { none: 'it is paper' },
      deadlineMs: 10,
    }),
  verify: async () => ({ state: 'pending', summary: 'It is paper.', facts: {} }),
});

/** A plugin that declares its versions, its words and a policy. */
export default definePlugin({
  name: 'paper',
  description: 'A system on paper',
  config: z.strictObject({
    version: z.string().optional(),
    value: z.any().meta({ type: 'object' }),
    impact: z.string().default('pages'),
    unit: z.enum(['count', 'bytes']).default('count'),
    kind: z.string().default('sheet'),
  }),
  refusals: {},
  observations: [value, pages],
  actions: [change],
  supports: { atLeast: '3.4', below: '4' },
  impacts: { pages: { unit: 'count', description: 'Pages that change.' } },
  resourceKinds: { sheet: 'A sheet of paper' },
  policies: [
    {
      name: 'one-sheet',
      description: 'Never more than one sheet at once.',
      text: 'rules: []\n',
    },
  ],
  connect: ({ version, value: told, impact, unit, kind }) => ({
    value: told,
    impact: { name: impact, value: 1, unit },
    kind,
    identify: async () => ({
      kind: 'paper',
      id: '1',
      ...(version === undefined ? {} : { version }),
    }),
    send: async () => ({ outcome: 'not_sent', reason: 'it is paper' }),
    close: async () => undefined,
  }),
});
