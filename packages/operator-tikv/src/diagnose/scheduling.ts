import { advise, isUnknown } from 'operator-core';
import type { Diagnosis } from 'operator-core';
import { EVICT_LEADER_SCHEDULER } from '../pd/index.ts';
import type { PDPausedScheduler, PDScheduleConfig } from '../pd/index.ts';
import { allowLeaderMoves, observe, run } from '../errors/operations.ts';
import { isComplete } from '../reads/evictions.ts';
import type { Evictions } from '../reads/evictions.ts';
import { toTime } from '../reads/time.ts';
import { fine, judge, nameStores, warning } from './finding.ts';
import type { Attempt, Finding } from './finding.ts';

/** The drained stores: an eviction stays until it is removed. */
export function judgeDrains(evictions: Evictions): Diagnosis {
  return { check: 'drains', ...judgeEvictions(evictions) };
}

/** Checks that PD may move anything. */
export function judgeScheduling(config: Attempt<PDScheduleConfig>): Diagnosis {
  return judge('scheduling', config, ({ haltScheduling, leaderScheduleLimit }) => {
    if (haltScheduling) {
      return warning(
        'All scheduling is halted: PD carries out nothing.',
        'Set halt-scheduling of PD to false when the reason for the halt is gone.',
      );
    }
    if (leaderScheduleLimit === 0) {
      return warning(
        'leader-schedule-limit is 0: PD moves no leaders by itself, and a drain never ends.',
        advise`Let it move leaders again: ${allowLeaderMoves}.`,
      );
    }
    return fine(`PD may move ${leaderScheduleLimit} leaders at a time.`);
  });
}

/** The schedulers that are paused. */
export function judgePauses(paused: Attempt<readonly PDPausedScheduler[]>): Diagnosis {
  return judge('pauses', paused, (found) => {
    if (found.length === 0) return fine('No scheduler is paused.');
    const each = found.map(({ name, resumesAtMs }) => `${name} until ${toTime(resumesAtMs)}`);
    return warning(
      `Paused: ${each.toSorted().join(', ')}.`,
      'Nothing, if it is intended: a pause ends after its time, or with the next PD leader.',
    );
  });
}

function judgeEvictions(evictions: Evictions): Finding {
  const complete = isComplete(evictions);
  const storeIds = isUnknown(evictions) ? [] : evictions.evictedStoreIds;
  if (storeIds.length > 0) {
    return warning(
      `Leaders are being evicted from ${nameStores(storeIds)}.`,
      advise`It stays until it is ended: ${run('undrain_store', { store_id: String(storeIds[0]) })}.`,
    );
  }
  if (!isUnknown(complete)) {
    return isLeftBehind(evictions) ? leftBehind() : fine('No store is being drained.');
  }
  return {
    state: 'unknown',
    message: `It is unknown which stores are being drained: ${complete.unknown}.`,
    remedy: 'Wait for a minute after a PD leader has started, then look again.',
  };
}

function isLeftBehind(evictions: Evictions): boolean {
  return !isUnknown(evictions) && evictions.absent.includes(EVICT_LEADER_SCHEDULER);
}

/**
 * PD does so when a store was drained while its leader had just started and another drain was persisted: the entry
 * of one of the two survives the end of both (seen in 6.5.12 and 26.3.4).
 */
function leftBehind(): Finding {
  return warning(
    `No store is being drained, but PD's configuration still names the ${EVICT_LEADER_SCHEDULER}: the next PD leader drains the store of its args again.`,
    advise`Find the store with ${observe('config')} (args of evict-leader in schedule.schedulers-v2); drain it and end the drain to remove the entry.`,
  );
}
