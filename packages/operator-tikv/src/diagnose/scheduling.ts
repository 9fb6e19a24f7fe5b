import { isUnknown } from 'operator-core';
import type { Diagnosis } from 'operator-core';
import type { PDPausedScheduler, PDScheduleConfig } from '../pd/index.ts';
import { isComplete } from '../reads/evictions.ts';
import type { Evictions } from '../reads/evictions.ts';
import { toTime } from '../reads/time.ts';
import { fine, judge, nameStores, warning } from './finding.ts';
import type { Attempt, Finding } from './finding.ts';

/** Who is being drained: an eviction stays until somebody removes it. */
export function judgeDrains(evictions: Evictions): Diagnosis {
  return { check: 'drains', ...judgeEvictions(evictions) };
}

/** Whether PD may move anything. */
export function judgeScheduling(config: Attempt<PDScheduleConfig>): Diagnosis {
  return judge('scheduling', config, ({ haltScheduling, leaderScheduleLimit }) => {
    if (haltScheduling) {
      return warning(
        'All scheduling is halted: PD carries out nothing.',
        'Set halt-scheduling of PD to false when what it was halted for is over.',
      );
    }
    if (leaderScheduleLimit === 0) {
      return warning(
        'leader-schedule-limit is 0: PD moves no leaders by itself, and a drain never ends.',
        'operator run set_leader_schedule_limit --limit 4',
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
      'Nothing, if it is meant: a pause ends by itself, or with the next PD leader.',
    );
  });
}

function judgeEvictions(evictions: Evictions): Finding {
  const complete = isComplete(evictions);
  const storeIds = isUnknown(evictions) ? [] : evictions.evictedStoreIds;
  if (storeIds.length > 0) {
    return warning(
      `Leaders are being evicted from ${nameStores(storeIds)}.`,
      `It stays until it is ended: operator run undrain_store --store-id ${storeIds[0]}`,
    );
  }
  if (!isUnknown(complete)) return fine('No store is being drained.');
  return {
    state: 'unknown',
    message: `It is not known who is being drained: ${complete.unknown}.`,
    remedy: 'Wait for a minute after a PD leader has started, then look again.',
  };
}
