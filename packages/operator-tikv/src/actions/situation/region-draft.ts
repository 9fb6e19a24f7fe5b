import { draft } from 'operator-core';
import type { Fact, PlanDraft, HttpRequest } from 'operator-core';
import { refuseRunningOperator, warnOfReplacedOperator } from '../checks/check-region.ts';
import { lastOperatorFact, regionFacts, regionSizeFact } from './evidence.ts';
import { rulesFact } from './placement-facts.ts';
import type { RegionSituation } from './region-situation.ts';

/** The parts of a plan that differ from one action on a region to another. */
export interface RegionDraft extends Pick<
  PlanDraft,
  'summary' | 'effects' | 'impact' | 'inverse' | 'deadlineMs'
> {
  /** Facts that must still hold, besides the region's epoch and leader. */
  readonly bound: readonly Fact[];
  /** Facts that inform, besides the region's size, its rules and its last operator. */
  readonly shown: readonly Fact[];
  readonly warnings: readonly string[];
  /** Stores that are disturbed, besides the region itself. */
  readonly storeIds: readonly number[];
  readonly settleMs: number;
}

/** The whole draft. Refuses where PD would not replace the operator that runs on the region. */
export function completeDraft(
  { bound, shown, warnings, storeIds, ...rest }: RegionDraft,
  { region, operator, placement }: RegionSituation,
  request: HttpRequest,
): PlanDraft {
  refuseRunningOperator(operator, region.id);
  return draft({
    ...rest,
    evidence: {
      bound: [...regionFacts(region), ...bound],
      shown: [
        regionSizeFact(region),
        ...shown,
        rulesFact(region.id, placement),
        lastOperatorFact(region.id, operator),
      ],
    },
    warnings: [...warnOfReplacedOperator(operator), ...warnings],
    requests: [request],
    resources: [
      { resource: `region:${region.id}`, mode: 'exclusive' },
      ...storeIds.map((id) => ({ resource: `store:${id}`, mode: 'shared' }) as const),
    ],
  });
}
