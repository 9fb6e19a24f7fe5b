import { isUnknown } from 'operator-core';
import type { OrUnknown } from 'operator-core';
import type { PDConfig } from '../pd/index.ts';
import type { PDClient } from '../pd/pd-client.ts';
import { readPlacement } from '../placement/read-placement.ts';
import type { Placement } from '../placement/read-placement.ts';

/** Settings of PD that decide about a region. */
export interface RegionSettings {
  readonly config: PDConfig;
  readonly placement: OrUnknown<Placement>;
}

/** Options of {@link readRegionSettings}. */
export interface SettingsOptions {
  readonly signal: AbortSignal;
  /** True immediately before sending. */
  readonly isRecheck: boolean;
}

/** Milliseconds in which the settings that a plan was made from count at its re-check: no fact is bound to settings. */
const RECENT_MS = 5000;

interface Reading {
  readonly at: number;
  readonly settings: RegionSettings;
}

/** Readings of the last moment, by client and region. */
const readings = new WeakMap<PDClient, Map<number, Reading>>();

/** Reads the settings; the re-check of a plan that was just made takes over those of the plan. */
export async function readRegionSettings(
  pd: PDClient,
  regionId: number,
  { signal, isRecheck }: SettingsOptions,
): Promise<RegionSettings> {
  const known = isRecheck ? recall(pd, regionId) : null;
  if (known !== null) return known;
  const config = pd.getConfig({ signal });
  const placement = await readPlacement(pd, regionId, { signal, config });
  const settings = { config: await config, placement };
  if (!isUnknown(placement)) remember(pd, regionId, settings);
  return settings;
}

function recall(pd: PDClient, regionId: number): RegionSettings | null {
  const reading = readings.get(pd)?.get(regionId);
  return reading !== undefined && isRecent(reading) ? reading.settings : null;
}

function remember(pd: PDClient, regionId: number, settings: RegionSettings): void {
  const recent = [...(readings.get(pd) ?? [])].filter(([, reading]) => isRecent(reading));
  const reading = { at: performance.now(), settings };
  readings.set(pd, new Map([...recent, [regionId, reading]]));
}

function isRecent({ at }: Reading): boolean {
  return performance.now() - at < RECENT_MS;
}
