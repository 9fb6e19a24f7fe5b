import { createMisbehaved, isJsonObject, isJsonValue } from 'operator-core';
import type { JsonObject } from 'operator-core';
import type { GateContext } from './gate-context.ts';

/** Keys of the configuration as the running system would have them; none where the plugin suggests nothing. */
export async function suggestConfig(
  context: GateContext,
  signal: AbortSignal | undefined,
): Promise<JsonObject> {
  const connection = await context.connect(signal);
  const call = { what: 'completing the configuration', limitMs: context.limits.readMs, signal };
  const answer: unknown = await connection.read(
    call,
    async (subject, inner) => (await subject.suggestConfig?.({ signal: inner })) ?? {},
  );
  if (isJsonObject(answer) && isJsonValue(answer)) return answer;
  throw createMisbehaved('the configuration that it suggests', ['it is no plain JSON object']);
}
