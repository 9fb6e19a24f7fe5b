import { findNamed } from './find-named.ts';
import type { ActionCall, GateContext } from './gate-context.ts';
import { parseParameters } from './parameters.ts';

/** An action by name with its parameters checked. Throws `ACTION_NOT_FOUND` or `PARAMETERS_INVALID`. */
export async function resolveCall(
  context: GateContext,
  asked: { action: string; parameters: unknown },
  signal: AbortSignal | undefined,
): Promise<ActionCall> {
  const { action: name, parameters } = asked;
  const of = { code: 'ACTION_NOT_FOUND', of: 'action' } as const;
  const definition = findNamed(name, context.actions.getDefinitions(), of);
  const action = findNamed(name, context.loaded.plugin.actions, of);
  const value = await parseParameters(
    {
      title: `action ${name}`,
      schema: action.parameters,
      parameters: definition.parameters,
    },
    parameters,
    { limitMs: context.limits.readMs, signal },
  );
  return { action, definition, parameters: value };
}
