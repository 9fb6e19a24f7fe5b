import type { Verification } from 'operator-core';
import { judgeCause } from './judge-cause.ts';
import { concludeMissing } from './missing-operator.ts';
import { judgeOperator } from './operator-fate.ts';
import { elapsedMs, toReadOptions, withFacts } from './operator-verification.ts';
import type { OperatorVerification } from './operator-verification.ts';
import { explainWaiting } from './why-waiting.ts';

/** Milliseconds in which only the effect is read, before PD is asked about the operator. */
const QUICK_MS = 1000;
/** Milliseconds that an operator may run before the reasons for waiting are read. */
const PATIENCE_MS = 5000;

/** Reads the region and, until the effect is there, the operator that should cause it. */
export async function verifyOperator(wanted: OperatorVerification): Promise<Verification> {
  const { plan, subject } = wanted.context;
  const options = toReadOptions(wanted.context);
  const look = await wanted.look(options);
  const seen = look.verification;
  if (plan === null || seen.state === 'failed') return seen;
  const waitedMs = elapsedMs(wanted.context);
  if (seen.state === 'reached') {
    // The effect must hold longer and is read again later: the cause is read then.
    const isEarly = wanted.context.sentAt !== null && waitedMs < plan.settleMs;
    return isEarly ? seen : await judgeCause(look, wanted, plan);
  }
  if (waitedMs < QUICK_MS) return seen;
  const operator = await subject.pd.getOperator(wanted.regionId, options);
  const fate = judgeOperator(operator, wanted, plan);
  if (fate.kind !== 'running') return await concludeMissing(wanted, { plan, fate, look });
  if (waitedMs < PATIENCE_MS) return withFacts(seen, { operator: fate.operator.description });
  return await explainWaiting(wanted, look, fate.operator);
}
