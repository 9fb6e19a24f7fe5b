import type { Plan } from 'operator-core';
import type { PDOperatorRecord, PDOperatorState } from '../../pd/index.ts';
import { isRunning } from '../checks/check-region.ts';
import { isSame } from './operator-fate.ts';
import type { OperatorFate } from './operator-fate.ts';
import { toReadOptions } from './operator-verification.ts';
import type { OperatorVerification } from './operator-verification.ts';

/** Milliseconds before its successor at which the operator can have ended and still be found. */
const BEFORE_SUCCESSOR_MS = 60_000;

/**
 * Ends of operators, as clauses, by the plan that asked for them. PD keeps one record for a region: when the
 * successor has ended too, its record has taken the operator's place (PD API, operators).
 */
const endings = new WeakMap<Plan, string>();

/** Reads, while another operator runs in its place, how the operator ended, and keeps that for later looks. */
export async function noteEnding(fate: OperatorFate, wanted: OperatorVerification): Promise<void> {
  const { plan } = wanted.context;
  const successor = fate.kind === 'absent' ? fate.other : null;
  if (plan === null || successor === null || !isRunning(successor) || endings.has(plan)) return;
  const ending = await findEnding(successor, wanted);
  if (ending !== null) endings.set(plan, ending);
}

/** End of the operator as this or an earlier look of this process found it; `null` when none did. */
export function endingSeen({ context: { plan } }: OperatorVerification): string | null {
  return plan === null ? null : (endings.get(plan) ?? null);
}

/** End of the operator by PD's list of records; `null` when the list does not show it. */
async function findEnding(
  successor: PDOperatorState,
  wanted: OperatorVerification,
): Promise<string | null> {
  if (successor.createdAtMs === null) return null;
  const from = Math.floor((successor.createdAtMs - BEFORE_SUCCESSOR_MS) / 1000);
  const options = toReadOptions(wanted.context);
  const records = await wanted.context.subject.pd.getOperatorRecords(Math.max(0, from), options);
  const own = records.find(
    (record) => record.regionId === wanted.regionId && isSame(record, wanted),
  );
  return own === undefined ? null : describeEnding(own);
}

/** The end of an operator that reached its effect. */
const CARRIED_OUT = 'it was carried out';

/** True when this or an earlier look of this process found that the operator was carried out. */
export function wasCarriedOut(wanted: OperatorVerification): boolean {
  return endingSeen(wanted) === CARRIED_OUT;
}

function describeEnding({ marker }: PDOperatorRecord): string {
  if (marker === 'finished') return CARRIED_OUT;
  return marker === 'timeout' ? 'it ran out of time' : 'it was cancelled';
}
