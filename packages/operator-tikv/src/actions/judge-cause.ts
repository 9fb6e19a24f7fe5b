import { isUnknown, unknownBecause } from 'operator-core';
import type { Plan, Unknown, Verification } from 'operator-core';
import type { PDOperatorState } from '../pd/index.ts';
import { isRunning } from './check-region.ts';
import { orUnknown } from '../reads/or-unknown.ts';
import { describeOperator, judgeOperator, operatorFacts } from './operator-fate.ts';
import type { OperatorFate } from './operator-fate.ts';
import { toReadOptions, withFacts } from './operator-verification.ts';
import type { OperatorVerification, RegionLook } from './operator-verification.ts';

/** A request whose answer was lost does not arrive later than this: PD holds none for longer. */
const LATEST_ARRIVAL_MS = 60_000;

type ByOurs = true | false | Unknown;

/**
 * Adds to an effect that is there who brought it about by PD's records, as `byOurs`: `true`, `false` when
 * PD's record shows another operator that did the same, otherwise unknown with the reason.
 */
export async function judgeCause(
  { verification }: RegionLook,
  wanted: OperatorVerification,
  plan: Plan,
): Promise<Verification> {
  const { subject } = wanted.context;
  const options = toReadOptions(wanted.context);
  const operator = await orUnknown(subject.pd.getOperator(wanted.regionId, options), options);
  if (isUnknown(operator)) return withFacts(verification, { byOurs: { ...operator } });
  const fate = judgeOperator(operator, wanted, plan);
  const taker = findTaker(fate, wanted);
  if (taker !== null) {
    const summary = `${verification.summary} ${describeOperator(taker)} is taking it back.`;
    return withFacts({ ...verification, state: 'pending', summary }, operatorFacts(taker));
  }
  const byOurs = isByOurs(fate, wanted);
  const seen = withFacts(verification, {
    byOurs: byOurs === true || byOurs === false ? byOurs : { ...byOurs },
    ...operatorFacts(operator),
  });
  if (byOurs !== false || operator === null) return seen;
  return { ...seen, summary: `${seen.summary} ${describeOperator(operator)} brought that about.` };
}

function isByOurs(fate: OperatorFate, wanted: OperatorVerification): ByOurs {
  if (fate.kind === 'absent') return isByAbsent(fate.other, wanted);
  const { kind, operator } = fate;
  if (kind === 'ended') return unknownBecause(`PD ended the operator with ${operator.status}`);
  return isLate(operator, wanted)
    ? unknownBecause('the answer was lost, and the operator was made long after the request')
    : true;
}

function isByAbsent(other: PDOperatorState | null, { brief }: OperatorVerification): ByOurs {
  if (other === null) return unknownBecause('PD has no record of the operator');
  if (other.brief === brief) return false;
  return unknownBecause(`PD's last record of the region is ${describeOperator(other)}`);
}

/** The running operator that undoes the effect, or `null`. */
function findTaker(fate: OperatorFate, wanted: OperatorVerification): PDOperatorState | null {
  const other = fate.kind === 'absent' ? fate.other : null;
  if (other === null || !isRunning(other)) return null;
  return other.steps.some((step) => wanted.isUndoneBy(step)) ? other : null;
}

function isLate({ createdAtMs }: PDOperatorState, { context }: OperatorVerification): boolean {
  const { answerLost, sentAt } = context;
  if (!answerLost || sentAt === null || createdAtMs === null) return false;
  return createdAtMs - sentAt > LATEST_ARRIVAL_MS;
}
