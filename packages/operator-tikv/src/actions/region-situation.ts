import type { PDOperatorState, PDStore } from '../pd/index.ts';
import type { PDClient } from '../pd/pd-client.ts';
import { readScheduling } from '../reads/scheduling.ts';
import type { Scheduling } from '../reads/scheduling.ts';
import { readStoreList } from '../reads/store-list.ts';
import { requirePrepared } from './check-prepared.ts';
import { requireRegion } from './check-region.ts';
import type { LedRegion } from './check-region.ts';
import { readRegionSettings } from './region-settings.ts';
import type { RegionSettings, SettingsOptions } from './region-settings.ts';

/** Everything that an action on one region decides from, read once and at one time. */
export interface RegionSituation extends RegionSettings {
  readonly region: LedRegion;
  /** All stores but tombstones, with their states and heartbeats. */
  readonly stores: readonly PDStore[];
  /** The operator of the region that runs or ran last; `null` when PD shows none. */
  readonly operator: PDOperatorState | null;
  readonly scheduling: Scheduling;
}

/**
 * Reads the situation of a region. Refuses where there is no such region or PD's leader has just started: what PD does
 * not show then may still be there.
 */
export async function readRegionSituation(
  pd: PDClient,
  regionId: number,
  options: SettingsOptions,
): Promise<RegionSituation> {
  const { signal } = options;
  const reading = readRegionSettings(pd, regionId, options);
  const schedule = reading.then(({ config }) => config.schedule);
  const [found, stores, operator, settings, scheduling] = await Promise.all([
    pd.getRegion(regionId, { signal }),
    readStoreList(pd, { signal }),
    pd.getOperator(regionId, { signal }),
    reading,
    readScheduling(pd, { signal, config: schedule }),
  ]);
  requirePrepared(scheduling);
  const region = requireRegion(found, regionId);
  return { region, stores, operator, scheduling, ...settings };
}
