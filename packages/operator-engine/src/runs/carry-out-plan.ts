import type { Plan } from 'operator-core';
import type { GateContext, OwnRequest } from '../subject/gate-context.ts';
import type { RunResult } from '../events/run-result.ts';
import { runToEnd } from '../events/run-to-end.ts';
import { requestRun } from './request/request-run.ts';
import { executeRun } from './execute-run.ts';

/** Brings a plan before the gate and carries it out to its end, without a listener. */
export async function carryOutPlan(
  context: GateContext,
  plan: Plan,
  request: OwnRequest,
): Promise<RunResult> {
  const { run } = await requestRun(context, plan, request);
  return runToEnd(executeRun(context, run.id, { ...request, plan }));
}
