import { canonicalJson } from 'operator-core';
import type { ActionDefinition, JsonObject, Plan } from 'operator-core';
import type { Ledger } from '../ledger/ledger.ts';
import type { RunPurpose } from '../ledger/run-record.ts';

/** How far back a run is looked for: whoever takes something back does it soon. */
const NEWEST = 20;

/**
 * What a plan is for: to take back the last run on the same resources, where it is that run's inverse
 * to the letter, else a change. Whoever drains the wrong store must not wait for a cooldown to end it.
 */
export async function findPurpose(
  ledger: Ledger,
  plan: Plan,
  definition: ActionDefinition,
): Promise<RunPurpose> {
  const runs = await ledger.runs.list({
    subject: plan.subject.name,
    states: ['succeeded', 'ineffective', 'unknown'],
    limit: NEWEST,
  });
  for (const { id, system, purpose } of runs) {
    if (system.id !== plan.subject.system.id) continue;
    const before = (await ledger.runs.get(id)).plan;
    if (!disturbSame(before, plan)) continue;
    // Taking back what took something back is a change again, or there would be no end to it.
    const takesBack = purpose.kind === 'change' && isInverse(before, plan, definition);
    return takesBack ? { kind: 'undo', of: id } : { kind: 'change' };
  }
  return { kind: 'change' };
}

function disturbSame(one: Plan, other: Plan): boolean {
  const disturbed = exclusiveResources(one);
  return exclusiveResources(other).some((resource) => disturbed.includes(resource));
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
