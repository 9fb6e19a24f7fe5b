import type { Plan, Verification } from 'operator-core';
import type { PDCallOptions, PDRegion } from '../../pd/index.ts';
import type { PDClient } from '../../pd/pd-client.ts';
import { lookWithoutRegion } from './look-without-region.ts';
import type { RegionLook } from './operator-verification.ts';

/** A leader to move to a store. */
export interface WantedLeader {
  readonly regionId: number;
  readonly toStoreId: string;
  readonly plan: Plan | null;
}

/** Looks for which store leads the region. */
export async function lookAtLeader(
  wanted: WantedLeader,
  pd: PDClient,
  options: PDCallOptions,
): Promise<RegionLook> {
  const region = await pd.getRegion(wanted.regionId, options);
  if (region === null) return lookWithoutRegion(wanted.regionId);
  const leader = region.leader === null ? null : String(region.leader.storeId);
  return {
    verification: judge(region, leader, wanted.toStoreId),
    region,
    isAsBefore: leader !== null && leader === plannedLeader(wanted.plan),
    isChanging: leader === null,
  };
}

/** The store that led the region when the plan was made; empty when there is no plan. */
export function plannedLeader(plan: Plan | null): string {
  const before = plan?.effects[0]?.before;
  return typeof before === 'string' ? before : '';
}

function stateOf(leader: string | null, toStoreId: string): Verification['state'] {
  if (leader === null) return 'unknown';
  return leader === toStoreId ? 'reached' : 'pending';
}

function judge(region: PDRegion, leader: string | null, toStoreId: string): Verification {
  return {
    state: stateOf(leader, toStoreId),
    summary:
      leader === null
        ? `PD knows no leader of region ${region.id} at the moment.`
        : `Store ${leader} leads region ${region.id}.`,
    facts: { regionId: region.id, leaderStoreId: leader },
  };
}
