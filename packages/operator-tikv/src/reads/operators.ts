import type { CallOptions } from 'operator-core';
import type { RunningOperator, RunningOperators } from '../model/cluster.ts';
import type { PDClient, PDOperator } from '../pd/index.ts';
import { isComplete, readEvictions } from './evictions.ts';
import { known } from './or-unknown.ts';
import { toTime } from './time.ts';

/** The operators that PD runs or holds back now, by region. */
export async function readOperators(pd: PDClient, options: CallOptions): Promise<RunningOperators> {
  const [operators, evictions] = await Promise.all([
    pd.getOperators(options),
    readEvictions(pd, options),
  ]);
  return {
    operators: operators.map(toOperator).toSorted((one, other) => one.regionId - other.regionId),
    complete: isComplete(evictions),
  };
}

function toOperator(operator: PDOperator): RunningOperator {
  const untold = 'PD did not report it';
  return {
    regionId: operator.regionId,
    name: operator.description,
    brief: operator.brief,
    createdAt: known(toTime(operator.createdAtMs), untold),
    startedAt: known(toTime(operator.startedAtMs), 'it has not started, or PD did not report it'),
    currentStep: known(operator.currentStep, untold),
    steps: operator.steps,
    timeoutMs: known(operator.timeoutMs, untold),
  };
}
