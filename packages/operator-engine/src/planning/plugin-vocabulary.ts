import type { PlanDraft, PlanOutcome, SubjectPlugin } from 'operator-core';
import { kindOf } from '../ledger/resource.ts';

/** Impacts and kinds of resources in a draft that the plugin does not declare, where it declares any. */
export function undeclaredWords(
  outcome: PlanOutcome,
  { impacts, resourceKinds }: Pick<SubjectPlugin, 'impacts' | 'resourceKinds'>,
): readonly string[] {
  if (outcome.kind !== 'draft') return [];
  return [
    ...(impacts === undefined ? [] : wrongImpacts(outcome, impacts)),
    ...(resourceKinds === undefined ? [] : wrongKinds(outcome, resourceKinds)),
  ];
}

function wrongImpacts(
  { impact }: PlanDraft,
  declared: NonNullable<SubjectPlugin['impacts']>,
): readonly string[] {
  return impact.flatMap(({ name, unit }) => {
    const known = Object.hasOwn(declared, name) ? declared[name] : undefined;
    if (known === undefined) return [`its impact ${name} is not declared in \`impacts\``];
    return known.unit === unit ? [] : [`its impact ${name} is in ${unit}, not in ${known.unit}`];
  });
}

function wrongKinds(
  { resources, effects, standingEffect }: PlanDraft,
  declared: Readonly<Record<string, string>>,
): readonly string[] {
  const standing = standingEffect === undefined ? [] : [standingEffect];
  const named = [...resources, ...effects, ...standing].map(({ resource }) => resource);
  const kinds = new Set(named.map(kindOf));
  return [...kinds]
    .filter((kind) => !Object.hasOwn(declared, kind))
    .map((kind) => `its kind of resource ${kind} is not declared in \`resourceKinds\``);
}
