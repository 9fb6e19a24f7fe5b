import { createMisbehaved, schemaIssues } from 'operator-core';
import type * as z from 'zod/mini';

/** The answer of a plugin, or `PLUGIN_MISBEHAVED` naming everything that is wrong with it. */
export function parseAnswer<Value>(
  schema: z.ZodMiniType<Value>,
  answer: unknown,
  what: string,
): Value {
  const result = schema.safeParse(answer);
  if (result.success) return result.data;
  throw createMisbehaved(what, schemaIssues(result.error, 'the whole'));
}
