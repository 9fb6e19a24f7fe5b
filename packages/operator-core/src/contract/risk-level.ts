/** Levels of the harm that a change can do, lowest first. */
export const RISK_LEVELS = ['low', 'medium', 'high'] as const;

/** See {@link RISK_LEVELS}. */
export type RiskLevel = (typeof RISK_LEVELS)[number];

/** The higher of two risks: what a plan touches can raise an action's risk, never lower it. */
export function higherRisk(one: RiskLevel, other: RiskLevel): RiskLevel {
  return RISK_LEVELS.indexOf(one) >= RISK_LEVELS.indexOf(other) ? one : other;
}
