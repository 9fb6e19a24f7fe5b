import { definePlugin, forSubject } from 'operator-core';
import type { Subject } from 'operator-core';
import { z } from 'zod';

/** The numbers from 1 to its size. */
interface Numbers extends Subject {
  readonly size: number;
}

const { defineObservation } = forSubject<Numbers>();

const numbers = defineObservation({
  name: 'numbers',
  description: 'Numbers, at most 40 at once.',
  parameters: z.strictObject({
    after: z.string().optional().describe('Cursor of the page'),
    limit: z.int().min(1).max(40).optional().describe('Most numbers'),
  }),
  result: z.strictObject({
    rows: z.array(z.strictObject({ number: z.int() })),
    next: z.string().nullable(),
  }),
  pages: { rows: 'rows', next: 'next', cursor: 'after', limit: 'limit' },
  view: { rows: 'rows', columns: [{ key: 'number', title: 'NUMBER' }] },
  read: async ({ parameters: { after = 'n0', limit = 40 }, subject: { size } }) => {
    const first = Number(after.slice(1)) + 1;
    const last = Math.min(size, first + limit - 1);
    const rows = Array.from({ length: last - first + 1 }, (_, at) => ({ number: first + at }));
    return { rows, next: last === size ? null : `n${last}` };
  },
});

/** A plugin without a system, whose observation has pages. */
export default definePlugin({
  name: 'numbers',
  description: 'Numbers',
  config: z.strictObject({ size: z.int() }),
  refusals: {},
  observations: [numbers],
  actions: [],
  connect: ({ size }) => ({
    size,
    identify: async () => ({ kind: 'numbers', id: '1' }),
    send: async () => ({ outcome: 'not_sent', reason: 'numbers stay' }),
    close: async () => undefined,
  }),
});
