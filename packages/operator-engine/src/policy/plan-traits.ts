import type { OrUnknown, Plan, Quantity, RiskLevel } from 'operator-core';
import type { Reversibility } from './rule-conditions.ts';

/** Everything of a plan that policy looks at. */
export interface PlanTraits {
  /** The subject's name in the configuration. */
  readonly subject: string;
  readonly action: string;
  /** As the plan has it; rules of the policy can raise it. */
  readonly riskLevel: RiskLevel;
  readonly reversibility: Reversibility;
  /** Whether the action itself asks for consent. */
  readonly requiresApproval: boolean;
  /** What it changes, leaves an effect on, or has for itself. */
  readonly disturbed: readonly string[];
  /** All that it touches: the above, and what it shares with others. */
  readonly touched: readonly string[];
  readonly impact: readonly Quantity[];
  /** The numbers of its evidence, by name. */
  readonly counts: Readonly<Record<string, OrUnknown<number>>>;
}
