import type { CallOptions } from 'operator-core';
import type { RunningOperator } from '../model/cluster.ts';
import type { PDClient, PDOperator } from '../pd/index.ts';
import { known } from './or-unknown.ts';
import { toTime } from './time.ts';

const UNTOLD = 'this version of PD does not tell';

/** What PD is carrying out now, by region. */
export async function readOperators(
  pd: PDClient,
  options: CallOptions,
): Promise<readonly RunningOperator[]> {
  const operators = await pd.getOperators(options);
  return operators.map(toOperator).toSorted((one, other) => one.regionId - other.regionId);
}

function toOperator(operator: PDOperator): RunningOperator {
  return {
    regionId: operator.regionId,
    name: operator.description,
    brief: known(operator.brief || null, UNTOLD),
    createdAt: known(toTime(operator.createdAtMs), UNTOLD),
    currentStep: known(operator.currentStep, UNTOLD),
    steps: known(operator.steps.length === 0 ? null : operator.steps, UNTOLD),
    timeoutMs: known(operator.timeoutMs, UNTOLD),
  };
}
