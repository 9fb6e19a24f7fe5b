import { z } from 'zod';
import { z as zodOlder } from 'zod-older';
import type { ParametersSchema } from 'operator-core';

/** Two minors of zod, to be told apart in test titles. */
export const ZODS = [
  ['the zod of this package', z],
  // The older minor has types of its own; its values are what is tested.
  ['an older zod', zodOlder as unknown as typeof z],
] as const;

export interface Store {
  readonly id: string;
  readonly copies: number;
}

/** A schema written by hand, as any library that is not zod could make one. */
export const handWritten: ParametersSchema<{ id: string; copies?: number }, Store> = {
  '~standard': {
    version: 1,
    vendor: 'by-hand',
    validate: (value) => {
      const { id, copies = 3, ...others } = value as Record<string, unknown>;
      const unknown = Object.keys(others).map((key) => ({ message: 'unknown', path: [{ key }] }));
      if (typeof id !== 'string')
        return { issues: [{ message: 'no id', path: ['id'] }, ...unknown] };
      if (typeof copies !== 'number') return { issues: [{ message: 'not a number' }, ...unknown] };
      return unknown.length > 0 ? { issues: unknown } : { value: { id, copies } };
    },
    jsonSchema: {
      input: () => ({
        type: 'object',
        additionalProperties: false,
        required: ['id'],
        properties: {
          id: { type: 'string', description: 'The store' },
          copies: { type: 'integer', description: 'How many copies', default: 3 },
        },
      }),
      output: () => ({ type: 'object' }),
    },
  },
};
