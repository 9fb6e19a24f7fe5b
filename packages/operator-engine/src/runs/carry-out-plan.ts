import type { Plan } from 'operator-core';
import type { GateContext, OwnRequest } from '../subject/gate-context.ts';
import type { RunResult } from '../events/run-result.ts';
import { drainRun } from '../events/drain-run.ts';
import { requestRun } from './request/request-run.ts';
import { runRun } from './run-run.ts';

/** Brings a plan before the gate and carries it out to its end, without a listener. */
export async function carryOutPlan(
  context: GateContext,
  plan: Plan,
  request: OwnRequest,
): Promise<RunResult> {
  const { run } = await requestRun(context, plan, request);
  return drainRun(runRun(context, run.id, request));
}
