import type { Plan, Verification } from 'operator-core';
import type { PDOperatorState, PDRegion } from '../../pd/index.ts';
import { wait } from '../../pd/wire/wait.ts';
import { isPrepared, readScheduling } from '../../reads/scheduling.ts';
import { isRunning } from '../checks/check-region.ts';
import { judgeCause } from './judge-cause.ts';
import { mayStillArrive } from './lost-request.ts';
import { endingSeen, noteEnding } from './note-ending.ts';
import { describeOperator, judgeOperator, operatorFacts } from './operator-fate.ts';
import type { OperatorFate } from './operator-fate.ts';
import { findUnreported } from './unreported-stores.ts';
import { elapsedMs, toReadOptions, withFacts } from './operator-verification.ts';
import type { OperatorVerification, RegionLook } from './operator-verification.ts';
import { wasReached, whyMissing } from './why-missing.ts';

/** State of PD when the operator no longer ran. */
interface Missing {
  readonly plan: Plan;
  readonly fate: OperatorFate;
  readonly look: RegionLook;
}

/** TiKV may still carry out a step that PD had sent before the operator ended. */
const SENT_STEP_MS = 2000;
const LOOK_EVERY_MS = 250;
/**
 * PD gives up an operator that it has not started after 3 s (PD API, operators); until then it may not show it.
 */
const UNSTARTED_MS = 5000;

/**
 * Concludes from an operator that does not run any more: the effect came after all, the region is still
 * changing, or the operator is gone without it.
 */
export async function concludeMissing(
  wanted: OperatorVerification,
  { plan, fate, look }: Missing,
): Promise<Verification> {
  await noteEnding(fate, wanted);
  const doubt = await findReasonToWait(wanted, fate, look);
  if (doubt !== null) return doubt;
  const late = await lookForLateEffect(wanted);
  if (late.verification.state === 'reached') return await judgeCause(late, wanted, plan);
  const options = toReadOptions(wanted.context);
  const operator = await wanted.context.subject.pd.getOperator(wanted.regionId, options);
  const now = judgeOperator(operator, wanted, plan);
  const last = await wanted.look(options);
  const seen = last.verification;
  if (seen.state === 'reached') return await judgeCause(last, wanted, plan);
  if (seen.state === 'failed' || now.kind === 'running') return seen;
  const rest = await findRemainingWork(wanted, now, last);
  if (rest !== null) return pending(last, rest);
  const cause = await whyMissing(now, wanted);
  const place = last.isAsBefore ? `The region is as before. ${seen.summary}` : seen.summary;
  return withFacts(
    {
      ...seen,
      state: 'failed',
      summary: `${cause} ${place}`,
      ...(wasReached(now, wanted) ? { wasReached: true as const } : {}),
    },
    { ...operatorFacts(operator), regionAsBefore: last.isAsBefore },
  );
}

/** The reason comes first: a terminal shows the first line's width of it. */
function pending({ verification }: RegionLook, why: string): Verification {
  return { ...verification, summary: `${why} ${verification.summary}` };
}

/** Verification while the absence proves nothing yet; `null` when it does. */
async function findReasonToWait(
  wanted: OperatorVerification,
  fate: OperatorFate,
  look: RegionLook,
): Promise<Verification | null> {
  if (fate.kind !== 'absent') return null;
  const waitedMs = elapsedMs(wanted.context);
  if (fate.other === null && waitedMs < UNSTARTED_MS) {
    return pending(look, 'PD does not show the operator.');
  }
  if (mayStillArrive(wanted.context)) {
    const why =
      'PD does not show the operator, but the answer was lost: the request may still arrive.';
    return pending(look, why);
  }
  const reason = await whyStateUnknown(wanted, look.region);
  if (reason === null) return null;
  const why = `${await whyMissing(fate, wanted)} The state of the region is unknown until ${reason}.`;
  return { ...pending(look, why), state: 'unknown' };
}

/** Report that the PD leader needs to know the region's state, as a clause; `null` when it has all. */
async function whyStateUnknown(
  wanted: OperatorVerification,
  region: PDRegion | null,
): Promise<string | null> {
  const unreported = await findUnreported(wanted, region);
  if (unreported !== null) {
    return `store ${unreported}, which may lead it, has reported to the PD leader`;
  }
  // Without a leader PD has it from its own storage, where the last seconds are missing.
  const isLed = region === null || region.leader !== null;
  return isLed ? null : 'its leader has reported to the PD leader';
}

/** Looks for the effect of a step that TiKV may already have. */
async function lookForLateEffect(wanted: OperatorVerification): Promise<RegionLook> {
  const options = toReadOptions(wanted.context);
  const endsAt = performance.now() + SENT_STEP_MS;
  for (;;) {
    await wait(LOOK_EVERY_MS, [options.signal]);
    const look = await wanted.look(options);
    if (look.verification.state === 'reached' || performance.now() >= endsAt) return look;
  }
}

/** Work that PD still has on a region that changed since the plan; `null` when it has none. */
async function findRemainingWork(
  wanted: OperatorVerification,
  fate: OperatorFate,
  look: RegionLook,
): Promise<string | null> {
  if (look.isChanging) return 'PD no longer has the operator; the region is still changing.';
  if (look.isAsBefore) return null;
  const other = fate.kind === 'absent' ? fate.other : null;
  if (other !== null && isRunning(other)) {
    // Removing the peers that the operator left takes moments; any other difference is another change.
    const isRemoval =
      other.steps.length === 1 && other.steps.some((step) => wanted.isUndoneBy(step));
    return isRemoval ? describeRemoval(other, wanted) : null;
  }
  const { subject, signal } = wanted.context;
  if (isPrepared(await readScheduling(subject.pd, { signal }))) return null;
  return 'PD no longer has the operator, and the checkers of the new PD leader do not run yet.';
}

function describeRemoval(other: PDOperatorState, wanted: OperatorVerification): string {
  const ending = endingSeen(wanted);
  const how = ending === null ? '' : ` (${ending})`;
  return `PD no longer has the operator${how}; ${describeOperator(other)} runs now.`;
}
