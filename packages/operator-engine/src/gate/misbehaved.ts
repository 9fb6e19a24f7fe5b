import type { OperatorError } from 'operator-core';
import type * as z from 'zod/mini';
import { createEngineError } from '../engine-error.ts';

/** `PLUGIN_MISBEHAVED` for an answer that breaks the contract. */
export function createMisbehaved(what: string, issues: readonly string[]): OperatorError {
  return createEngineError('PLUGIN_MISBEHAVED', {
    message: `The plugin broke its contract in ${what}: ${issues.join('; ')}.`,
    remedy: 'Tell the author of the plugin.',
    facts: { in: what, issues: [...issues] },
  });
}

/** The answer of a plugin, or `PLUGIN_MISBEHAVED` naming everything that is wrong with it. */
export function parseAnswer<Value>(
  schema: z.ZodMiniType<Value>,
  answer: unknown,
  what: string,
): Value {
  const result = schema.safeParse(answer);
  if (result.success) return result.data;
  const issues = result.error.issues.map(
    ({ path, message }) => `${path.map(String).join('.') || 'the whole'}: ${message}`,
  );
  throw createMisbehaved(what, issues);
}
