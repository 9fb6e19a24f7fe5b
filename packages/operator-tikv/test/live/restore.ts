import type { PDClient } from '../../src/pd/index.ts';
import { placementOf } from './snapshot.ts';
import type { Placement, Snapshot } from './snapshot.ts';
import { until } from './until.ts';

const WAIT_MS = 60_000;

/** Puts back what the tests may have left, whether they passed or not. Does nothing where nothing is to be done. */
export async function restore(
  pd: PDClient,
  before: Snapshot,
  touched: readonly number[],
): Promise<void> {
  await restoreLimit(pd, before);
  const evicted = (await pd.getEvictLeaderStores())?.storeIds ?? [];
  for (const storeId of evicted.filter((id) => !before.evictedStoreIds.includes(id))) {
    await pd.removeEvictLeaderScheduler(storeId);
  }
  for (const regionId of touched) {
    const placement = before.regions.get(regionId);
    if (placement !== undefined) await restoreRegion(pd, regionId, placement);
  }
}

async function restoreLimit(pd: PDClient, before: Snapshot): Promise<void> {
  const limit = Number(before.schedule['leader-schedule-limit']);
  const { leaderScheduleLimit } = await pd.getScheduleConfig();
  if (leaderScheduleLimit !== limit) await pd.setScheduleConfig({ leaderScheduleLimit: limit });
}

async function restoreRegion(pd: PDClient, regionId: number, wanted: Placement): Promise<void> {
  await until(async () => !(await runs(pd, regionId)), WAIT_MS);
  // PD's checkers may still be busy with an extra peer, and its balancers with the leader.
  await until(async () => {
    const region = await pd.getRegion(regionId);
    if (region === null || (await runs(pd, regionId))) return region === null;
    const now = placementOf(region);
    const extra = now.storeIds.find((id) => !wanted.storeIds.includes(id));
    const missing = wanted.storeIds.find((id) => !now.storeIds.includes(id));
    if (extra !== undefined && missing !== undefined) {
      await pd.addTransferPeerOperator(regionId, extra, missing).catch(() => '');
      return false;
    }
    if (extra !== undefined || missing !== undefined) return false;
    if (wanted.leaderStoreId === null || now.leaderStoreId === wanted.leaderStoreId) return true;
    await pd.addTransferLeaderOperator(regionId, wanted.leaderStoreId).catch(() => '');
    return false;
  }, WAIT_MS);
}

async function runs(pd: PDClient, regionId: number): Promise<boolean> {
  const operators = await pd.getOperators();
  return operators.some((operator) => operator.regionId === regionId);
}
