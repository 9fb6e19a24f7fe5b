import type { PDRule } from '../pd/index.ts';
import type { Fit, RuleFit } from './fit-region.ts';

/** A rule that is met before a change and not after it. */
export interface BrokenRule {
  readonly rule: PDRule;
  /** Peers that count for the rule after the change. */
  readonly peers: number;
  /** Peers among these that have another role. */
  readonly wrongRole: number;
}

/** Counts peers that are missing, in another role or wanted by no rule. */
export function countFaults({ rules, orphans }: Fit): number {
  return rules.reduce((sum, fit) => sum + faultsOf(fit), orphans.length);
}

/**
 * The rules that a change breaks: met before and not after. Where it breaks none but leaves more faults
 * than before, the rules that are worse than before.
 */
export function findBrokenRules(before: Fit, after: Fit): readonly BrokenRule[] {
  const worse = after.rules.filter((fit, index) => faultsOf(fit) > faultsOf(before.rules[index]));
  const broken = worse.filter((fit) => isMetAt(before, after.rules.indexOf(fit)));
  if (broken.length > 0) return broken.map(toBroken);
  return countFaults(after) > countFaults(before) ? worse.map(toBroken) : [];
}

/** `pd/default (3 voters, zone in z1|z2)` */
export function describeRule(rule: PDRule): string {
  const { groupId, id, count, role, isWitness, constraints } = rule;
  const kind = isWitness ? `witness ${role}` : role;
  const wanted = `${count} ${kind}${count === 1 ? '' : 's'}`;
  const where = constraints.map(({ key, op, values }) => `${key} ${op} ${values.join('|')}`.trim());
  return `${groupId}/${id} (${[wanted, ...where].join(', ')})`;
}

function faultsOf(fit: RuleFit | undefined): number {
  return fit === undefined ? 0 : fit.rule.count - fit.peers.length + fit.wrongRole.length;
}

function isMetAt(fit: Fit, index: number): boolean {
  return faultsOf(fit.rules[index]) === 0;
}

function toBroken({ rule, peers, wrongRole }: RuleFit): BrokenRule {
  return { rule, peers: peers.length, wrongRole: wrongRole.length };
}
