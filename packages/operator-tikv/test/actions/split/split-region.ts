import type { InferParameters, Plan, Verification } from 'operator-core';
import * as z from 'zod/mini';
import { defineParameters } from '../../../src/contract/define-parameters.ts';
import { regionId } from '../../../src/contract/id-schemas.ts';
import type { PDCallOptions, PDRegion } from '../../../src/pd/index.ts';
import type { PDClient } from '../../../src/pd/pd-client.ts';
import { fastStepMs, GRACE_MS } from '../../../src/actions/verifying/deadlines.ts';
import { defineRegionAction } from '../../../src/actions/define-region-action.ts';
import { toImpact } from '../../../src/actions/situation/evidence.ts';
import { lookWithoutRegion } from '../../../src/actions/verifying/look-without-region.ts';
import type { RegionLook } from '../../../src/actions/verifying/operator-verification.ts';
import type { RegionDraft } from '../../../src/actions/situation/region-draft.ts';
import type { RegionSituation } from '../../../src/actions/situation/region-situation.ts';

const SETTLE_MS = 500;

const parameters = defineParameters({
  region_id: regionId('ID of the region that is split'),
  policy: z.enum(['scan', 'approximate']).check(z.describe('How TiKV finds the key in the middle')),
});

type Parameters = InferParameters<typeof parameters>;

/** Splits one region in the middle. */
export const splitRegion = defineRegionAction({
  name: 'split_region',
  description: 'Split a region in the middle.',
  riskLevel: 'medium',
  requiresApproval: false,
  hints: { idempotent: false, destructive: false },
  parameters,
  request: {
    purpose: 'ask for the split',
    kind: 'split-region',
    body: ({ policy }) => ({ policy }),
    toOperator: ({ region_id, policy }) => ({
      description: 'admin-split-region',
      brief: `split: region ${region_id} use policy ${policy.toUpperCase()}`,
    }),
    answers: [['cannot split region which is in joint state', 'REGION_IN_JOINT_STATE']],
  },
  read: () => Promise.resolve(null),
  plan: ({ situation }) => Promise.resolve(toDraft(situation)),
  toEffect: ({ region_id }: Parameters, plan) => ({
    targetStoreId: null,
    isUndoneBy: (step) => step.startsWith('merge region'),
    isProvenBy: () => false,
    look: (pd, options) => lookAtBorders({ regionId: region_id, plan }, pd, options),
  }),
});

function toDraft({ region }: RegionSituation): RegionDraft {
  return {
    summary: `Split region ${region.id} in the middle.`,
    bound: [],
    shown: [],
    effects: [
      {
        resource: `region:${region.id}`,
        description: `region ${region.id} keeps one part of its keys`,
        before: bordersOf(region),
      },
    ],
    impact: toImpact({ leaders: 0, regions: 1, movedMiB: 0 }),
    warnings: [],
    storeIds: [],
    inverse: { none: 'No action merges regions; PD merges small ones by itself.' },
    deadlineMs: fastStepMs(region.approximateSizeMiB) + GRACE_MS,
    settleMs: SETTLE_MS,
  };
}

async function lookAtBorders(
  wanted: { readonly regionId: number; readonly plan: Plan | null },
  pd: PDClient,
  options: PDCallOptions,
): Promise<RegionLook> {
  const region = await pd.getRegion(wanted.regionId, options);
  if (region === null) return lookWithoutRegion(wanted.regionId);
  const isAsBefore = bordersOf(region) === wanted.plan?.effects[0]?.before;
  return {
    verification: judge(region, wanted.plan, isAsBefore),
    region,
    isAsBefore,
    isChanging: false,
  };
}

function judge(region: PDRegion, plan: Plan | null, isAsBefore: boolean): Verification {
  const summary = `Region ${region.id} has the keys ${bordersOf(region)}.`;
  const facts = { regionId: region.id };
  if (plan === null) return { state: 'unknown', summary, facts };
  return { state: isAsBefore ? 'pending' : 'reached', summary, facts };
}

function bordersOf({ startKey, endKey }: PDRegion): string {
  return `[${startKey}, ${endKey})`;
}
