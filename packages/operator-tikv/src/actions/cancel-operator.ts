import { draft, nothingToDo } from 'operator-core';
import type {
  InferParameters,
  PlanContext,
  PlanDraft,
  PlanOutcome,
  Verification,
} from 'operator-core';
import { defineParameters } from '../define-parameters.ts';
import { defineAction } from '../define.ts';
import { cancelOperatorRequest } from '../pd/index.ts';
import type { PDOperatorState } from '../pd/index.ts';
import type { TiKVReads } from '../tikv-reads.ts';
import { isRunning } from './check-region.ts';
import { fastStepMs } from './deadlines.ts';
import { toImpact } from './evidence.ts';
import { regionId } from '../id-schemas.ts';

const SETTLE_MS = 500;

const parameters = defineParameters({
  region_id: regionId('ID of the region whose running operator is cancelled'),
});

/** Cancels what PD is doing with a region. */
export const cancelOperator = defineAction({
  name: 'cancel_operator',
  description: 'Cancel the operator that PD is running on a region.',
  riskLevel: 'low',
  requiresApproval: false,
  hints: { idempotent: true, destructive: true },
  parameters,
  plan: planCancel,

  async verify({ parameters: wanted, subject: { pd }, signal }): Promise<Verification> {
    const operator = await pd.getOperator(wanted.region_id, { signal });
    const running = isRunning(operator);
    return {
      state: running ? 'pending' : 'reached',
      summary: running
        ? `${describe(operator)} runs on region ${wanted.region_id}.`
        : `No operator runs on region ${wanted.region_id}.`,
      facts: {
        regionId: wanted.region_id,
        operator: running ? operator.description : null,
        lastStatus: operator?.status ?? null,
      },
    };
  },
});

async function planCancel(
  context: PlanContext<InferParameters<typeof parameters>, TiKVReads>,
): Promise<PlanOutcome> {
  const { parameters: wanted, subject, signal } = context;
  const operator = await subject.pd.getOperator(wanted.region_id, { signal });
  if (!isRunning(operator)) {
    return nothingToDo(`No operator runs on region ${wanted.region_id}.`, {
      regionId: wanted.region_id,
      lastOperator: operator?.description ?? null,
      lastStatus: operator?.status ?? null,
    });
  }
  return toDraft(wanted.region_id, operator);
}

function toDraft(id: number, operator: PDOperatorState): PlanDraft {
  const resource = `region:${id}`;
  const isMerge = operator.description.includes('merge');
  return draft({
    summary: `Cancel ${describe(operator)} on region ${id}.`,
    evidence: {
      bound: [
        {
          name: `${resource} running operator`,
          value: {
            description: operator.description,
            brief: operator.brief,
            createdAtMs: operator.createdAtMs,
          },
        },
      ],
      shown: [
        { name: `${resource} current step`, value: operator.currentStep },
        { name: `${resource} steps`, value: [...operator.steps] },
      ],
    },
    effects: [
      { resource, description: `no operator runs on region ${id}`, before: operator.description },
    ],
    impact: toImpact({ leaders: 0, regions: isMerge ? 2 : 1, movedMiB: 0 }),
    warnings: [
      'TiKV is not told: a step that was already sent to it may still be carried out.',
      ...(isMerge ? ['It is one half of a merge: the operator of the other region ends too.'] : []),
    ],
    requests: [cancelOperatorRequest(id)],
    resources: [{ resource, mode: 'exclusive' }],
    inverse: {
      none: 'A cancelled operator cannot be resumed; what it did can be asked for again.',
    },
    deadlineMs: fastStepMs(0),
    settleMs: SETTLE_MS,
  });
}

function describe(operator: PDOperatorState): string {
  return `${operator.description} {${operator.brief}}`;
}
