import { isJsonObject } from 'operator-core';
import type { JsonObject, Plan, Verification } from 'operator-core';
import type { PDClient } from '../pd/pd-client.ts';
import type { PDOperatorState } from '../pd/index.ts';
import { lastOperatorFactName } from './evidence.ts';
import { wallNow } from '../wall-clock.ts';

/** How to look for the effect of an operator, and how PD names the operator. */
export interface OperatorVerification {
  readonly regionId: number;
  readonly description: string;
  readonly brief: string;
  readonly plan: Plan | null;
  readonly sentAt: number | null;
  readonly pd: PDClient;
  readonly signal: AbortSignal;
  /** Looks at the region. */
  look(): Promise<Verification>;
}

/** For how long an effect is only looked for, before PD is asked what became of the operator. */
const QUICK_MS = 1000;

/** Looks at the region and, while the effect has not come, whether PD has given the operator up. */
export async function verifyOperator(wanted: OperatorVerification): Promise<Verification> {
  const { plan, sentAt, pd, signal } = wanted;
  const first = await wanted.look();
  const overdue = sentAt !== null && wallNow() - sentAt >= QUICK_MS;
  if (first.state !== 'pending' || plan === null || !overdue) return first;
  const operator = await pd.getOperator(wanted.regionId, { signal });
  if (!wasGivenUp(operator, wanted, plan)) return withOperator(first, operator);
  // The step may have been carried out between the two reads: only the region decides.
  const last = await wanted.look();
  if (last.state !== 'pending') return last;
  const summary = `PD ended the operator with ${operator.status}. ${last.summary}`;
  return withOperator({ ...last, state: 'failed', summary }, operator);
}

/**
 * Whether PD has ended the operator that the plan asked for without success. A region has one record,
 * which a checker's operator may have taken over: only one that is ours by description and brief,
 * and newer than the plan, says anything (PD API, operators).
 */
function wasGivenUp(
  operator: PDOperatorState | null,
  expected: Pick<OperatorVerification, 'regionId' | 'description' | 'brief'>,
  plan: Plan,
): operator is PDOperatorState {
  if (operator === null) return false;
  if (operator.description !== expected.description || operator.brief !== expected.brief) {
    return false;
  }
  if (!['TIMEOUT', 'CANCEL', 'REPLACE'].includes(operator.status)) return false;
  return operator.createdAtMs !== createdBefore(plan, expected.regionId);
}

function createdBefore(plan: Plan, regionId: number): number | null {
  const name = lastOperatorFactName(regionId);
  const value = plan.evidence.shown.find((fact) => fact.name === name)?.value ?? null;
  const createdAtMs = isJsonObject(value) ? value['createdAtMs'] : null;
  return typeof createdAtMs === 'number' ? createdAtMs : null;
}

function withOperator(seen: Verification, operator: PDOperatorState | null): Verification {
  return { ...seen, facts: { ...seen.facts, ...operatorFacts(operator) } };
}

function operatorFacts(operator: PDOperatorState | null): JsonObject {
  if (operator === null) return { operator: null };
  const { description, brief, status } = operator;
  return { operator: description, operatorBrief: brief, operatorStatus: status };
}
