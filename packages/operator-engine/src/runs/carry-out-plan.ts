import type { Plan } from 'operator-core';
import type { GateContext } from '../gate/gate-context.ts';
import type { RunResult } from '../gate/run-result.ts';
import type { Actor } from '../ledger/actor.ts';
import type { RunPurpose } from '../ledger/run-record.ts';
import { drainRun } from './drain-run.ts';
import { requestRun } from './request-run.ts';
import { runRun } from './run-run.ts';

/** What the gate itself asks for: why, and in whose name. */
export interface OwnRequest {
  readonly requester: Actor;
  readonly purpose: RunPurpose;
  readonly signal?: AbortSignal | undefined;
  readonly patienceMs?: number;
}

/** Brings a plan before the gate and carries it out to its end, for nobody who watches. */
export async function carryOutPlan(
  context: GateContext,
  plan: Plan,
  request: OwnRequest,
): Promise<RunResult> {
  const { run } = await requestRun(context, plan, request);
  return drainRun(runRun(context, run.id, request));
}
