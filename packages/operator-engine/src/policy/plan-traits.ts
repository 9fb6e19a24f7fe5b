import { isUnknown, unknownBecause } from 'operator-core';
import type { OrUnknown, Plan, RiskLevel } from 'operator-core';
import type { GuardKind, Reversibility } from './rule-conditions.ts';

/** Everything in a plan that policy reads. */
export interface PlanTraits {
  /** The subject's name in the configuration. */
  readonly subject: string;
  readonly action: string;
  /** The risk in the plan; rules of the policy can raise it. */
  readonly riskLevel: RiskLevel;
  readonly reversibility: Reversibility;
  /** The guard of the plugin's writes. */
  readonly guard: GuardKind;
  /** True when the action itself asks for consent. */
  readonly requiresApproval: boolean;
  /** Resources that it changes, leaves an effect on, or locks. */
  readonly disturbed: readonly string[];
  /** All resources that the plan claims: the changed ones, and shared ones. */
  readonly touched: readonly string[];
  /** Impact by the quantity's name. */
  readonly impact: Amounts;
  /** The numbers of its evidence, by the fact's name. */
  readonly counts: Amounts;
}

/** Numbers by name; some may be unknown. */
export type Amounts = Readonly<Record<string, OrUnknown<number>>>;

/** The members of a plan that policy reads. */
export type PlanInView = Pick<
  Plan,
  'action' | 'riskLevel' | 'requiresApproval' | 'inverse' | 'resources' | 'standingEffect'
> & {
  readonly subject: Pick<Plan['subject'], 'name' | 'guard'>;
  readonly effects: readonly { readonly resource: string }[];
  readonly impact: readonly Named[];
  readonly evidence: { readonly bound: readonly Named[]; readonly shown: readonly Named[] };
};

interface Named {
  readonly name: string;
  readonly value: unknown;
}

/** Traits of a plan that policy reads. */
export function toPlanTraits(plan: PlanInView): PlanTraits {
  const { effects, evidence, resources, standingEffect } = plan;
  const exclusive = resources.filter(({ mode }) => mode === 'exclusive');
  const standing = standingEffect === null ? [] : [standingEffect];
  const disturbed = unique([...exclusive, ...effects, ...standing]);
  return {
    subject: plan.subject.name,
    action: plan.action,
    riskLevel: plan.riskLevel,
    reversibility: 'none' in plan.inverse ? 'irreversible' : 'reversible',
    guard: plan.subject.guard ?? 'host',
    requiresApproval: plan.requiresApproval,
    disturbed,
    touched: unique([...resources, ...disturbed.map((resource) => ({ resource }))]),
    impact: toAmounts(plan.impact),
    counts: toAmounts([...evidence.bound, ...evidence.shown]),
  };
}

function unique(named: readonly { readonly resource: string }[]): readonly string[] {
  return [...new Set(named.map(({ resource }) => resource))];
}

function toAmounts(named: readonly Named[]): Amounts {
  const amounts = new Map<string, OrUnknown<number>>();
  for (const { name, value } of named) {
    if (typeof value !== 'number' && !isUnknown(value)) continue;
    const isSecond = amounts.has(name) && amounts.get(name) !== value;
    amounts.set(name, isSecond ? unknownBecause('it is stated twice') : value);
  }
  return Object.fromEntries(amounts);
}

/** The amount of that name; `undefined` where the plan does not state it. */
export function amountOf(amounts: Amounts, name: string): OrUnknown<number> | undefined {
  return Object.hasOwn(amounts, name) ? amounts[name] : undefined;
}
