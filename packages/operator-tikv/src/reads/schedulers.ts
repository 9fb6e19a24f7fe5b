import { isUnknown, unknownBecause } from 'operator-core';
import type { CallOptions, OrUnknown } from 'operator-core';
import type { Scheduler, Schedulers } from '../model/cluster.ts';
import { EVICT_LEADER_SCHEDULER } from '../pd/index.ts';
import type { PDClient, PDPausedScheduler } from '../pd/index.ts';
import { isComplete, readEvictions } from './evictions.ts';
import type { Evictions } from './evictions.ts';
import { orUnknown } from './or-unknown.ts';
import { toTime } from './time.ts';

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
    complete: isWhole(evictions),
    halted: isUnknown(schedule) ? schedule : schedule.haltScheduling,
  };
}

/** `true` when PD runs a scheduler of every type that its configuration names. */
function isWhole(evictions: Evictions): OrUnknown<true> {
  const complete = isComplete(evictions);
  if (isUnknown(complete) || isUnknown(evictions) || evictions.absent.length === 0) return complete;
  return unknownBecause(
    `PD's configuration names ${evictions.absent.join(', ')}, of which none runs: PD is about to start it, or has left the entry behind and starts it with its next leader`,
  );
}

function toScheduler(
  name: string,
  seen: {
    readonly paused: OrUnknown<readonly PDPausedScheduler[]>;
    readonly evictions: Evictions;
  },
): Scheduler {
  return {
    name,
    ...toPause(name, seen.paused),
    storeIds: name === EVICT_LEADER_SCHEDULER ? toStoreIds(seen.evictions) : null,
  };
}

function toPause(
  name: string,
  paused: OrUnknown<readonly PDPausedScheduler[]>,
): Pick<Scheduler, 'paused' | 'resumesAt'> {
  if (isUnknown(paused)) return { paused, resumesAt: paused };
  const pause = paused.find((candidate) => candidate.name === name);
  return pause === undefined
    ? { paused: false, resumesAt: null }
    : { paused: true, resumesAt: toTime(pause.resumesAtMs) };
}

function toStoreIds(evictions: Evictions): OrUnknown<readonly string[]> {
  return isUnknown(evictions) ? evictions : evictions.evictedStoreIds.map(String);
}
