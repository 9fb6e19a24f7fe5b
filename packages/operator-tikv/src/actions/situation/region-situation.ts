import type { OrUnknown } from 'operator-core';
import type { PDConfig, PDOperatorState, PDStore } from '../../pd/index.ts';
import type { PDClient } from '../../pd/pd-client.ts';
import { readPlacement } from '../../placement/read-placement.ts';
import type { Placement } from '../../placement/read-placement.ts';
import { readScheduling } from '../../reads/scheduling.ts';
import type { Scheduling } from '../../reads/scheduling.ts';
import { readStoreList } from '../../reads/store-list.ts';
import { requirePrepared } from '../checks/check-prepared.ts';
import { requireRegion } from '../checks/check-region.ts';
import type { LedRegion } from '../checks/check-region.ts';

/** Everything that an action on one region decides from, read once and at one time. */
export interface RegionSituation {
  readonly region: LedRegion;
  /** All stores but tombstones, with their states and heartbeats. */
  readonly stores: readonly PDStore[];
  /** The operator of the region that runs or ran last; `null` when PD shows none. */
  readonly operator: PDOperatorState | null;
  readonly scheduling: Scheduling;
  readonly placement: OrUnknown<Placement>;
  readonly config: PDConfig;
}

/**
 * Reads the situation of a region. Refuses when there is no such region, or when PD's leader has just started:
 * an operator that PD does not show then may still exist.
 */
export async function readRegionSituation(
  pd: PDClient,
  regionId: number,
  signal: AbortSignal,
): Promise<RegionSituation> {
  const config = pd.getConfig({ signal });
  const [found, stores, operator, placement, scheduling] = await Promise.all([
    pd.getRegion(regionId, { signal }),
    readStoreList(pd, { signal }),
    pd.getOperator(regionId, { signal }),
    readPlacement(pd, regionId, { signal, config }),
    readScheduling(pd, { signal, config: config.then(({ schedule }) => schedule) }),
  ]);
  requirePrepared(scheduling);
  const region = requireRegion(found, regionId);
  return { region, stores, operator, scheduling, placement, config: await config };
}
