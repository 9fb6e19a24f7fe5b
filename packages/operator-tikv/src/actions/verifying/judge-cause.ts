import { isUnknown, unknownBecause } from 'operator-core';
import type { EffectCause, JsonObject, Plan, Verification } from 'operator-core';
import type { PDOperatorState } from '../../pd/index.ts';
import { isRunning } from '../checks/check-region.ts';
import { orUnknown } from '../../reads/or-unknown.ts';
import { describeOperator, judgeOperator, operatorFacts } from './operator-fate.ts';
import type { OperatorFate } from './operator-fate.ts';
import { toReadOptions, withFacts } from './operator-verification.ts';
import type { OperatorVerification, RegionLook } from './operator-verification.ts';

/**
 * Milliseconds between a request that lost its answer and an operator that counts as its effect. A request can arrive
 * later than that, as a retransmission, but by then the same request of another user is as likely.
 */
const CREDITED_MS = 60_000;

/** The origin of an effect, and the reading that shows it. */
interface Origin {
  readonly cause: EffectCause;
  /** The operator in PD's words, or the reason why it is unknown. */
  readonly causedBy: string | JsonObject;
}

/**
 * Adds to an effect that is there its origin by PD's records: the plan's operator, another one that did the
 * same, or unknown with the reason. An operator that is taking the effect back makes it `pending`.
 */
export async function judgeCause(
  { verification }: RegionLook,
  wanted: OperatorVerification,
  plan: Plan,
): Promise<Verification> {
  const { subject } = wanted.context;
  const options = toReadOptions(wanted.context);
  const operator = await orUnknown(subject.pd.getOperator(wanted.regionId, options), options);
  if (isUnknown(operator)) return withOrigin(verification, notKnown(operator.unknown));
  const fate = judgeOperator(operator, wanted, plan);
  const undoing = findUndoingOperator(fate, wanted);
  if (undoing !== null) {
    const summary = `${verification.summary} ${describeOperator(undoing)} is taking it back.`;
    return withFacts({ ...verification, state: 'pending', summary }, operatorFacts(undoing));
  }
  return withOrigin(withFacts(verification, operatorFacts(operator)), toOrigin(fate, wanted));
}

function withOrigin(seen: Verification, { cause, causedBy }: Origin): Verification {
  const isOther = cause === 'another' && typeof causedBy === 'string';
  const words = isOther ? ` PD's record says that ${causedBy} did it.` : '';
  return { ...withFacts(seen, { causedBy }), summary: seen.summary + words, cause };
}

function toOrigin(fate: OperatorFate, wanted: OperatorVerification): Origin {
  if (fate.kind === 'absent') return originOfAbsent(fate.other, wanted);
  const { kind, operator } = fate;
  if (kind === 'ended') return notKnown(`PD ended the operator with ${operator.status}`);
  return isLate(operator, wanted)
    ? notKnown('the answer was lost, and the operator was made long after the request')
    : { cause: 'this_run', causedBy: describeOperator(operator) };
}

function originOfAbsent(other: PDOperatorState | null, { brief }: OperatorVerification): Origin {
  if (other === null) return notKnown('PD has no record of the operator');
  if (other.brief === brief) return { cause: 'another', causedBy: describeOperator(other) };
  return notKnown(`PD's last record of the region is ${describeOperator(other)}`);
}

function notKnown(reason: string): Origin {
  return { cause: 'unknown', causedBy: { ...unknownBecause(reason) } };
}

/** The running operator that undoes the effect, or `null`. */
function findUndoingOperator(
  fate: OperatorFate,
  wanted: OperatorVerification,
): PDOperatorState | null {
  const other = fate.kind === 'absent' ? fate.other : null;
  if (other === null || !isRunning(other)) return null;
  return other.steps.some((step) => wanted.isUndoneBy(step)) ? other : null;
}

function isLate({ createdAtMs }: PDOperatorState, { context }: OperatorVerification): boolean {
  const { answerLost, sentAt } = context;
  if (!answerLost || sentAt === null || createdAtMs === null) return false;
  return createdAtMs - sentAt > CREDITED_MS;
}
