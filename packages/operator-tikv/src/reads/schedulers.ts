import { isUnknown } from 'operator-core';
import type { CallOptions, OrUnknown } from 'operator-core';
import type { Scheduler, Schedulers } from '../model/cluster.ts';
import { EVICT_LEADER_SCHEDULER } from '../pd/index.ts';
import type { PDClient } from '../pd/index.ts';
import { isComplete, readEvictions } from './evictions.ts';
import type { Evictions } from './evictions.ts';
import { orUnknown } from './or-unknown.ts';

/** PD's schedulers. Rejects when PD does not list them; everything else may be unknown. */
export async function readSchedulers(pd: PDClient, options: CallOptions): Promise<Schedulers> {
  const [names, paused, schedule, evictions] = await Promise.all([
    pd.getSchedulers(options),
    orUnknown(pd.getPausedSchedulers(options), options),
    orUnknown(pd.getScheduleConfig(options), options),
    readEvictions(pd, options),
  ]);
  return {
    schedulers: names.toSorted().map((name) => toScheduler(name, { paused, evictions })),
    complete: isComplete(evictions),
    halted: isUnknown(schedule) ? schedule : schedule.haltScheduling,
  };
}

function toScheduler(
  name: string,
  seen: { readonly paused: OrUnknown<readonly string[]>; readonly evictions: Evictions },
): Scheduler {
  return {
    name,
    paused: isUnknown(seen.paused) ? seen.paused : seen.paused.includes(name),
    ...(name === EVICT_LEADER_SCHEDULER ? { storeIds: toStoreIds(seen.evictions) } : {}),
  };
}

function toStoreIds(evictions: Evictions): OrUnknown<readonly string[]> {
  return isUnknown(evictions) ? evictions : evictions.evictedStoreIds.map(String);
}
