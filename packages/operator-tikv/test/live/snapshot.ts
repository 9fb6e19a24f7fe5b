import { isDeepStrictEqual } from 'node:util';
import type { PDClient, PDRegion } from '../../src/pd/index.ts';

/** The regions among which the tests choose. */
const MOST_REGIONS = 256;

/** Where a region's voters and its leader are. */
export interface Placement {
  readonly storeIds: readonly number[];
  readonly leaderStoreId: number | null;
}

/** Everything that the live tests must leave as they found it. */
export interface Snapshot {
  readonly schedule: Readonly<Record<string, unknown>>;
  readonly replication: Readonly<Record<string, unknown>>;
  readonly schedulers: readonly string[];
  readonly pausedSchedulers: readonly string[];
  readonly evictedStoreIds: readonly number[];
  /** By store. PD takes new stores from Preparing to Serving by itself, so that this is left out. */
  readonly stores: Readonly<Record<string, string>>;
  /** Regions by id, the first ones in key order. */
  readonly regions: ReadonlyMap<number, Placement>;
}

/** Reads the cluster as it is. */
export async function takeSnapshot(pd: PDClient): Promise<Snapshot> {
  const [schedule, replication, schedulers, paused, evicted, stores, regions] = await Promise.all([
    pd.getScheduleConfig(),
    pd.getReplicationConfig(),
    pd.getSchedulers(),
    pd.getPausedSchedulers(),
    pd.getEvictLeaderStores(),
    pd.getStores(),
    pd.getRegionsByKey({ limit: MOST_REGIONS }),
  ]);
  return {
    schedule: schedule.raw,
    replication: replication.raw,
    schedulers: schedulers.toSorted(),
    pausedSchedulers: paused.map(({ name }) => name).toSorted(),
    evictedStoreIds: evicted?.storeIds ?? [],
    stores: Object.fromEntries(stores.map(({ id, state }) => [String(id), state])),
    regions: new Map(regions.map((region) => [region.id, placementOf(region)])),
  };
}

/** Where the peers and the leader of a region are. */
export function placementOf(region: PDRegion): Placement {
  return {
    storeIds: region.peers.map(({ storeId }) => storeId).toSorted((one, other) => one - other),
    leaderStoreId: region.leader?.storeId ?? null,
  };
}

/**
 * What is not as it was, as sentences. Of the regions only those that were touched: PD's own balancers
 * move the others.
 */
export function compareSnapshots(
  before: Snapshot,
  after: Snapshot,
  touched: readonly number[],
): readonly string[] {
  const parts = ['schedule', 'replication'] as const;
  const lists = ['schedulers', 'pausedSchedulers', 'evictedStoreIds', 'stores'] as const;
  return [
    ...parts.flatMap((part) => changedKeys(part, before[part], after[part])),
    ...lists.flatMap((part) => changed(part, before[part], after[part])),
    ...touched.flatMap((id) =>
      changed(`region ${id}`, before.regions.get(id), after.regions.get(id)),
    ),
  ];
}

function changedKeys(
  section: string,
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
): readonly string[] {
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keys].flatMap((key) => changed(`${section}.${key}`, before[key], after[key]));
}

function changed(what: string, before: unknown, after: unknown): readonly string[] {
  if (isDeepStrictEqual(before, after)) return [];
  return [`${what} was ${JSON.stringify(before)} and is ${JSON.stringify(after)}`];
}
