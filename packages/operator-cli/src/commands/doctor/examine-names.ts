import { nearestNames } from 'operator-core';
import type { Engine, KnownNames } from 'operator-engine';
import type { Finding } from './finding.ts';

/** Findings of the doctor about names in the policy: a rule with an unknown name never matches. */
export async function examineNames(engine: Engine, known: KnownNames): Promise<readonly Finding[]> {
  const { findUnknownNames } = await import('operator-engine');
  const policy = engine.loadPolicy();
  if (policy.kind !== 'file') return [];
  return findUnknownNames(policy.policy, known).map(({ rule, condition, name, line }) => {
    const [nearest] = nearestNames(name, known[condition]);
    const guess = nearest === undefined ? '' : ` Did you mean ${nearest}?`;
    return {
      subject: null,
      check: 'policy',
      state: 'warning',
      message: `${policy.path}:${line}: rule ${rule} names the ${condition} ${name}, which does not exist.`,
      remedy: `Until fixed, this rule never matches.${guess}`,
    };
  });
}
