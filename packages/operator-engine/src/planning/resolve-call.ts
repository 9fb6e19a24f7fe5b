import { isJsonObject } from 'operator-core';
import type { ActionDefinition } from 'operator-core';
import { createEngineError } from '../errors/engine-error.ts';
import { hasStandIn, secretNames, standInFor } from '../secrets/secret-values.ts';
import type { SecretValues } from '../secrets/secret-values.ts';
import { deepFreeze } from './deep-freeze.ts';
import { findNamed } from './find-named.ts';
import type { ActionCall, GateContext } from '../subject/gate-context.ts';
import { parseParameters } from './parameters.ts';

/** A call as requested: a new one, or one from a recorded plan, with stand-ins for its secrets. */
export interface AskedCall {
  readonly action: string;
  readonly parameters: unknown;
  /** Digest of the plan; absent when the call comes from no plan. */
  readonly digest?: string;
}

/** An action by name with its parameters checked. Throws `ACTION_NOT_FOUND` or `PARAMETERS_INVALID`. */
export async function resolveCall(
  context: GateContext,
  asked: AskedCall,
  signal: AbortSignal | undefined,
): Promise<ActionCall> {
  const of = { code: 'ACTION_NOT_FOUND', of: 'action' } as const;
  const definition = findNamed(asked.action, context.actions.getDefinitions(), of);
  const action = findNamed(asked.action, context.loaded.plugin.actions, of);
  const { parameters, missing } = fillParameters(context, asked, definition);
  if (missing.length > 0 && isJsonObject(parameters)) {
    // They were checked before the plan was made; a stand-in need not fit the schema.
    const kept = deepFreeze(structuredClone(parameters));
    return { action, definition, parameters: kept, secrets: {}, missingSecrets: missing };
  }
  const value = await parseParameters(
    {
      title: `action ${definition.name}`,
      schema: action.parameters,
      parameters: definition.parameters,
    },
    parameters,
    { limitMs: context.limits.readMs, signal },
  );
  const secrets = readSecrets(definition, value);
  for (const secret of Object.values(secrets)) context.secrets.add(secret);
  if (Object.keys(secrets).length > 0) checkTexts(definition, value);
  return { action, definition, parameters: value, secrets, missingSecrets: [] };
}

/** Puts the secrets that this process knows in the place of their stand-ins. */
function fillParameters(
  { planSecrets }: GateContext,
  { parameters, digest }: AskedCall,
  definition: ActionDefinition,
): { parameters: unknown; missing: readonly string[] } {
  if (!isJsonObject(parameters)) return { parameters, missing: [] };
  const hidden = secretNames(definition).filter((name) => parameters[name] === standInFor(name));
  if (hidden.length === 0) return { parameters, missing: [] };
  const known = planSecrets.recall(digest);
  const missing = hidden.filter((name) => known[name] === undefined);
  const filled = hidden.map((name) => [name, known[name] ?? standInFor(name)]);
  return { parameters: { ...parameters, ...Object.fromEntries(filled) }, missing };
}

function readSecrets(
  definition: ActionDefinition,
  parameters: ActionCall['parameters'],
): SecretValues {
  const secrets = secretNames(definition).flatMap((name) => {
    const value = parameters[name];
    return typeof value === 'string' && value !== '' ? [[name, value] as const] : [];
  });
  return Object.fromEntries(secrets);
}

/** A stand-in that came in with the parameters would be filled in with the secret when it is sent. */
function checkTexts(definition: ActionDefinition, parameters: ActionCall['parameters']): void {
  if (!hasStandIn(JSON.stringify(parameters))) return;
  const title = `action ${definition.name}`;
  throw createEngineError('PARAMETERS_INVALID', {
    message: `The parameters of ${title} do not fit: one of them holds \${secret:…}, which stands for a secret in plans.`,
    remedy: 'Use another text.',
    facts: { of: title },
  });
}
