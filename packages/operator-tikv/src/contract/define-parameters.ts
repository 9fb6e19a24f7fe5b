import type { ParametersSchema } from 'operator-core';
import * as z from 'zod/mini';
import { giveZodWords } from './zod-words.ts';

giveZodWords();

/** A schema of zod/mini as the contract wants schemas: one that describes itself, too. */
export function describable<Schema extends z.ZodMiniType>(
  schema: Schema,
): ParametersSchema<z.input<Schema>, z.output<Schema>> {
  const describe = (io: 'input' | 'output') => (options: { readonly target: string }) =>
    z.toJSONSchema(schema, { io, ...options });
  return {
    '~standard': {
      ...schema['~standard'],
      jsonSchema: { input: describe('input'), output: describe('output') },
    },
  };
}

/** Parameters by their names; unknown ones are refused. */
export function defineParameters<Shape extends z.core.$ZodShape>(shape: Shape) {
  return describable(z.strictObject(shape));
}
