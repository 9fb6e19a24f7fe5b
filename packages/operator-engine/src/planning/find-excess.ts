import { canonicalJson, higherRisk } from 'operator-core';
import type { Plan } from 'operator-core';
import { covers } from '../ledger/resource.ts';

/**
 * The first part of a lease's end that exceeds the lease, as a phrase; `null`: the end only takes back the
 * leased effect. `leased`: the plan that was allowed; `end`: its inverse as it is planned now.
 */
export function findExcess(leased: Plan, end: Plan): string | null {
  return findRisk(leased, end) ?? findResource(leased, end) ?? findChange(leased, end);
}

function findRisk(leased: Plan, end: Plan): string | null {
  if (higherRisk(leased.riskLevel, end.riskLevel) === leased.riskLevel) return null;
  return `its end has the risk ${end.riskLevel}, and the lease had ${leased.riskLevel}`;
}

function findResource({ resources }: Plan, end: Plan): string | null {
  const isCovered = ({ resource, mode }: Plan['resources'][number]): boolean =>
    resources.some(
      (one) => covers(one.resource, resource) && (one.mode === 'exclusive' || mode === 'shared'),
    );
  const other = end.resources.find((claim) => !isCovered(claim));
  return other === undefined ? null : `its end also disturbs ${other.resource}`;
}

/** Something else made a value that the lease did not make, and may rely on it. */
function findChange(leased: Plan, end: Plan): string | null {
  for (const { resource, before } of end.effects) {
    const made = leased.effects.filter((one) => one.resource === resource);
    const values = made.flatMap(({ after }) => (after === undefined ? [] : [canonicalJson(after)]));
    if (before === undefined || values.length === 0) continue;
    const now = canonicalJson(before);
    if (values.includes(now)) continue;
    return `${resource} is ${now} now, and the lease had made it ${values.join(' and ')}`;
  }
  return null;
}
