import { canonicalJson } from 'operator-core';
import type { ActionDefinition, JsonObject, Plan } from 'operator-core';
import type { Ledger } from '../ledger/ledger.ts';
import type { RunPurpose } from '../ledger/run-record.ts';

/**
 * What a plan is for: to take back the last run on the same resources, where it is that run's inverse
 * to the letter, else a change. Whoever drains the wrong store must not wait for a cooldown to end it.
 */
export async function findPurpose(
  ledger: Ledger,
  plan: Plan,
  definition: ActionDefinition,
): Promise<RunPurpose> {
  const last = await ledger.runs.lastOn({
    system: plan.subject.system,
    resources: exclusiveResources(plan),
    states: ['succeeded', 'ineffective', 'unknown'],
  });
  // Taking back what took something back is a change again, or there would be no end to it.
  if (last?.purpose.kind !== 'change') return { kind: 'change' };
  const { plan: before } = await ledger.runs.get(last.id);
  const takesBack = isInverse(before, plan, definition);
  return takesBack ? { kind: 'undo', of: last.id } : { kind: 'change' };
}

function exclusiveResources({ resources }: Plan): readonly string[] {
  return resources.filter(({ mode }) => mode === 'exclusive').map(({ resource }) => resource);
}

function isInverse({ inverse }: Plan, plan: Plan, definition: ActionDefinition): boolean {
  if ('none' in inverse || inverse.action !== plan.action) return false;
  const wanted = { ...defaultsOf(definition), ...inverse.parameters };
  return canonicalJson(wanted) === canonicalJson(plan.parameters);
}

function defaultsOf({ parameters }: ActionDefinition): JsonObject {
  const given = Object.entries(parameters).flatMap(([name, parameter]) =>
    parameter.default === undefined ? [] : [[name, parameter.default] as const],
  );
  return Object.fromEntries(given);
}
