import { isPrepared, readScheduling } from '../../src/reads/scheduling.ts';
import type { PDClient, PDStore } from '../../src/pd/index.ts';

const LEAST_STORES = 4;
const OLDEST = [6, 5] as const;

/** Why the cluster must not, or cannot, be tested on: sentences; empty when it can. Reads only. */
export async function findObstacles(pd: PDClient): Promise<readonly string[]> {
  const [members, stores, schedule, regions, operators, scheduling] = await Promise.all([
    pd.getMembers(),
    pd.getStores(),
    pd.getScheduleConfig(),
    pd.getRegionCount(),
    pd.getOperators(),
    readScheduling(pd, { signal: new AbortController().signal }),
  ]);
  const leaders = stores.reduce((sum, store) => sum + store.leaderCount, 0);
  const drained = scheduling.evictedStoreIds;
  return [
    ...versionObstacle(members.leader?.version ?? null),
    ...storeObstacles(stores),
    ...unless(isPrepared(scheduling), `PD has not started ${scheduling.missing.join(', ')}.`),
    ...unless(leaders >= regions, `PD knows the leaders of ${leaders} of ${regions} regions only.`),
    ...unless(drained.length === 0, `Stores are being drained: ${drained.join(', ')}.`),
    ...unless(scheduling.grantedStoreIds.length === 0, 'A grant-leader scheduler runs.'),
    ...unless(schedule.leaderScheduleLimit > 0, 'leader-schedule-limit is 0.'),
    ...unless(!schedule.haltScheduling, 'Scheduling is halted.'),
    ...operators
      .filter(({ description }) => description.startsWith('admin-'))
      .map(
        ({ regionId, brief }) =>
          `An administrator's operator runs on region ${regionId}: ${brief}.`,
      ),
  ];
}

function versionObstacle(version: string | null): readonly string[] {
  const [major = 0, minor = 0] = (version ?? '').replace(/^v/u, '').split('.').map(Number);
  const isOldEnough = major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1]);
  return unless(isOldEnough, `PD is ${version ?? 'of an unknown version'}; 6.5 is the oldest.`);
}

function storeObstacles(stores: readonly PDStore[]): readonly string[] {
  const up = stores.filter(({ state, isTiFlash }) => state === 'Up' && !isTiFlash);
  return [
    ...unless(
      up.length >= LEAST_STORES,
      `${LEAST_STORES} TiKV stores that are Up are needed, and there are ${up.length}.`,
    ),
    ...stores
      .filter(({ state }) => state !== 'Up')
      .map(({ id, state }) => `Store ${id} is ${state}.`),
  ];
}

function unless(isSo: boolean, sentence: string): readonly string[] {
  return isSo ? [] : [sentence];
}
