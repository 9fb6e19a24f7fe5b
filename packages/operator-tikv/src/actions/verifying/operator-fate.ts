import { isJsonObject } from 'operator-core';
import type { JsonObject, Plan } from 'operator-core';
import type { PDOperatorName, PDOperatorState } from '../../pd/index.ts';
import { isRunning } from '../checks/check-region.ts';
import { lastOperatorFactName } from '../situation/evidence.ts';

/**
 * State of the plan's operator, as PD's answer for its region shows it.
 *
 * - `running`: PD is carrying it out
 * - `finished`: PD saw its last step done
 * - `ended`: PD gave it up
 * - `absent`: PD does not show it; `other` is the operator that PD shows in its place
 *
 * PD adds an operator before it answers the request, runs one operator for a region and keeps the last
 * one's record for ten minutes, all in the memory of the PD leader (PD API, operators). An operator that
 * was accepted and is absent is therefore gone.
 */
export type OperatorFate =
  | { readonly kind: 'running' | 'finished' | 'ended'; readonly operator: PDOperatorState }
  | { readonly kind: 'absent'; readonly other: PDOperatorState | null };

/** The operator that a plan asked for. */
export interface ExpectedOperator extends PDOperatorName {
  readonly regionId: number;
}

/** Judges PD's answer for the region. `null`: PD shows neither an operator nor a record. */
export function judgeOperator(
  operator: PDOperatorState | null,
  expected: ExpectedOperator,
  plan: Plan,
): OperatorFate {
  if (operator === null || !isSame(operator, expected)) return { kind: 'absent', other: operator };
  // PD gives operators no id: one that is older than the plan has the same name.
  const isOld = operator.createdAtMs === createdBefore(plan, expected.regionId);
  if (isOld && !isRunning(operator)) return { kind: 'absent', other: null };
  if (operator.status === 'SUCCESS') return { kind: 'finished', operator };
  const isEnded = ['TIMEOUT', 'CANCEL', 'REPLACE'].includes(operator.status);
  return { kind: isEnded ? 'ended' : 'running', operator };
}

/** The operator as facts; `null` members where PD shows none. */
export function operatorFacts(operator: PDOperatorState | null): JsonObject {
  if (operator === null) return { operator: null };
  const { description, brief, status } = operator;
  return { operator: description, operatorBrief: brief, operatorStatus: status };
}

/** The operator in PD's words: `remove-orphan-peer {rm peer: store [4]}`. */
export function describeOperator({ description, brief }: PDOperatorName): string {
  return brief === '' ? description : `${description} {${brief}}`;
}

/** True when two operators have the same name: PD gives no other identity. */
export function isSame(one: PDOperatorName, other: PDOperatorName): boolean {
  return one.description === other.description && one.brief === other.brief;
}

/** Creation time of the region's last operator when the plan was made; `null` when there was none. */
function createdBefore(plan: Plan, regionId: number): number | null {
  const name = lastOperatorFactName(regionId);
  const value = plan.evidence.shown.find((fact) => fact.name === name)?.value ?? null;
  const createdAtMs = isJsonObject(value) ? value['createdAtMs'] : null;
  return typeof createdAtMs === 'number' ? createdAtMs : null;
}
