import type { PDOperatorState } from '../../pd/index.ts';
import { isRunning } from '../checks/check-region.ts';
import { endingSeen, wasCarriedOut } from './note-ending.ts';
import { describeOperator } from './operator-fate.ts';
import type { OperatorFate } from './operator-fate.ts';
import { elapsedMs, toReadOptions } from './operator-verification.ts';
import type { OperatorVerification } from './operator-verification.ts';

/** PD keeps the record of an operator for ten minutes (PD API, operators). */
const RECORD_KEPT_MS = 600_000;

const ENDINGS: Readonly<Record<string, string>> = {
  TIMEOUT: 'it ran out of time',
  CANCEL: 'an administrator cancelled it, or the region changed meanwhile',
  REPLACE: 'another operator took its place',
};

/** Reason for which PD no longer has the operator, in one sentence, as far as PD shows it. */
export async function whyMissing(
  fate: OperatorFate,
  wanted: OperatorVerification,
): Promise<string> {
  if (fate.kind === 'finished')
    return 'PD carried the operator out, and its effect is not there now.';
  if (fate.kind === 'absent') return await whyAbsent(fate.other, wanted);
  const { status } = fate.operator;
  const why = ENDINGS[status] === undefined ? '' : ` (${ENDINGS[status]})`;
  return `PD ended the operator with ${status}${why}.`;
}

/** True when PD's records show that the effect was there before. */
export function wasReached(fate: OperatorFate, wanted: OperatorVerification): boolean {
  if (fate.kind !== 'absent') return fate.kind === 'finished';
  if (wanted.context.answerLost || fate.other === null) return false;
  return wasCarriedOut(wanted) || wanted.isProvenBy(fate.other);
}

async function whyAbsent(
  other: PDOperatorState | null,
  wanted: OperatorVerification,
): Promise<string> {
  if (wanted.context.answerLost) {
    return 'PD does not have the operator, and the answer to the request was lost.';
  }
  if (other !== null) {
    const ending = endingSeen(wanted);
    const successor = `${describeOperator(other)} ${isRunning(other) ? 'runs now' : 'came after it'}`;
    return say(ending === null ? successor : `${ending}; ${successor}`);
  }
  const waitedMs = elapsedMs(wanted.context);
  if (waitedMs >= RECORD_KEPT_MS && waitedMs !== Infinity) return say('its record is gone too');
  // A PD leader that has led since then would show the operator or its record.
  const { subject } = wanted.context;
  const { leader } = await subject.pd.getMembers(toReadOptions(wanted.context));
  const name = leader?.name ?? 'no member';
  return say(`the PD leader changed or started again: ${name} leads now and does not know it`);
}

function say(cause: string): string {
  return `PD no longer has this operator (${cause}).`;
}
