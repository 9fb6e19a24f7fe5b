import { canonicalJson, draft, isJsonObject, nothingToDo } from 'operator-core';
import type {
  InferParameters,
  Inverse,
  JsonObject,
  Plan,
  PlanContext,
  PlanDraft,
  PlanOutcome,
  Verification,
} from 'operator-core';
import * as z from 'zod/mini';
import { defineParameters } from '../contract/define-parameters.ts';
import type { PDOperatorName, PDOperatorState } from '../pd/index.ts';
import type { TiKVReads } from '../contract/tikv-reads.ts';
import { isRunning } from './checks/check-region.ts';
import { fastStepMs } from './verifying/deadlines.ts';
import { defineChange } from './define-change.ts';
import { toImpact } from './situation/evidence.ts';
import { regionId } from '../contract/id-schemas.ts';
import { describeOperator } from './verifying/operator-fate.ts';
import { toReadOptions } from './verifying/operator-verification.ts';
import { toRequest } from './pd-change.ts';

const SETTLE_MS = 500;

const parameters = defineParameters({
  region_id: regionId('ID of the region whose running operator is cancelled'),
  operator: z
    .optional(z.string().check(z.minLength(1)))
    .check(
      z.describe(
        "The only operator to cancel, in PD's words: admin-move-peer {mv peer: store [3] to [4]}; default: any",
      ),
    ),
});

type Parameters = InferParameters<typeof parameters>;

/** Cancels the running operator of a region. */
export const cancelOperator = defineChange({
  name: 'cancel_operator',
  description: 'Cancel the operator that PD is running on a region.',
  riskLevel: 'low',
  requiresApproval: false,
  hints: { idempotent: true, destructive: true },
  parameters,
  // A step that PD has sent to TiKV may still be executed.
  change: {
    purpose: 'cancel the running operator',
    route: 'DELETE /operators/{region_id}',
    answers: [['operator not found', 'OPERATOR_NOT_FOUND']],
  },
  plan: planCancel,

  async verify({ parameters: wanted, ...context }): Promise<Verification> {
    const { plan, subject } = context;
    const operator = await subject.pd.getOperator(wanted.region_id, toReadOptions(context));
    const running = isRunning(operator) ? operator : null;
    const isPending = running !== null && isWanted(running, wanted, plan);
    return {
      state: isPending ? 'pending' : 'reached',
      summary: summarize(wanted, { running, isPending }),
      facts: {
        regionId: wanted.region_id,
        operator: running?.description ?? null,
        lastStatus: operator?.status ?? null,
      },
    };
  },
});

/** Action that cancels the operator of one plan, and no later operator. */
export function cancelWay(region: number, operator: PDOperatorName): Inverse {
  return {
    action: 'cancel_operator',
    parameters: { region_id: region, operator: describeOperator(operator) },
  };
}

/** True when the running operator is the one to cancel: any, the named one, or the one of the plan. */
function isWanted(running: PDOperatorState, wanted: Parameters, plan: Plan | null): boolean {
  if (plan !== null) {
    return canonicalJson(toFact(running)) === canonicalJson(plannedOperator(plan));
  }
  return wanted.operator === undefined || wanted.operator === describeOperator(running);
}

function summarize(
  { region_id, operator }: Parameters,
  seen: { running: PDOperatorState | null; isPending: boolean },
): string {
  const { running, isPending } = seen;
  if (running === null) return `No operator runs on region ${region_id}.`;
  const name = describeOperator(running);
  if (isPending) return `${name} runs on region ${region_id}.`;
  return `${operator ?? 'The operator'} is gone; ${name} runs on region ${region_id} now.`;
}

async function planCancel(context: PlanContext<Parameters, TiKVReads>): Promise<PlanOutcome> {
  const { parameters: wanted, subject, signal } = context;
  const operator = await subject.pd.getOperator(wanted.region_id, { signal });
  const running = isRunning(operator) ? operator : null;
  if (running !== null && isWanted(running, wanted, null)) {
    return toDraft(wanted.region_id, running);
  }
  return nothingToDo(summarize(wanted, { running, isPending: false }), {
    regionId: wanted.region_id,
    lastOperator: operator?.description ?? null,
    lastStatus: operator?.status ?? null,
  });
}

function toDraft(id: number, operator: PDOperatorState): PlanDraft {
  const resource = `region:${id}`;
  const isMerge = operator.description.includes('merge');
  return draft({
    summary: `Cancel ${describeOperator(operator)} on region ${id}.`,
    evidence: {
      bound: [
        {
          name: `${resource} running operator`,
          value: toFact(operator),
        },
      ],
      shown: [
        { name: `${resource} current step`, value: operator.currentStep },
        { name: `${resource} steps`, value: [...operator.steps] },
      ],
    },
    effects: [
      {
        resource,
        description: `${describeOperator(operator)} no longer runs on region ${id}`,
        before: operator.description,
      },
    ],
    impact: toImpact({ leaders: 0, regions: isMerge ? 2 : 1, movedMiB: 0 }),
    warnings: [
      'PD does not inform TiKV: a step that was already sent to it may still be carried out.',
      ...(isMerge ? ['It is one half of a merge: the operator of the other region ends too.'] : []),
    ],
    requests: [toRequest(cancelOperator.change, { region_id: id })],
    resources: [{ resource, mode: 'exclusive' }],
    inverse: {
      none: 'A cancelled operator cannot be resumed; what it did can be asked for again.',
    },
    deadlineMs: fastStepMs(0),
    settleMs: SETTLE_MS,
  });
}

/** PD gives operators no id: name and creation time tell one from another. */
function toFact({ description, brief, createdAtMs }: PDOperatorState): JsonObject {
  return { description, brief, createdAtMs };
}

function plannedOperator(plan: Plan): JsonObject | null {
  const value = plan.evidence.bound[0]?.value;
  return isJsonObject(value) ? value : null;
}
