import { EVICT_LEADER_SCHEDULER, GRANT_LEADER_SCHEDULER } from '../../pd/index.ts';
import type { PDPausedScheduler, PDScheduleConfig, PDStore } from '../../pd/index.ts';
import type { Scheduling } from '../../reads/scheduling.ts';
import { refuseForDrain, refuseWith } from '../checks/refusals.ts';
import { describeStaying, stayingFacts } from './staying-regions.ts';
import type { Staying } from './staying-regions.ts';

/** Refuses a store whose leaders are evicted already. */
export function refuseSecondOwner(store: PDStore, scheduling: Scheduling): void {
  if (!scheduling.evictedStoreIds.includes(store.id)) return;
  refuseForDrain('DRAIN_EXISTS', `Store ${store.id} is already being drained.`, {
    storeId: String(store.id),
    leaders: store.leaderCount,
    drainedStoreIds: scheduling.evictedStoreIds.map(String),
  });
}

/** Refuses a store that is granted leaders: older PDs refuse to evict from such a store; in newer ones the two schedulers work against each other. */
export function refuseGranted(store: PDStore, scheduling: Scheduling): void {
  if (!scheduling.grantedStoreIds.includes(store.id)) return;
  refuseWith('STORE_PAUSED', `The ${GRANT_LEADER_SCHEDULER} moves leaders to store ${store.id}.`, {
    storeId: String(store.id),
    scheduler: GRANT_LEADER_SCHEDULER,
  });
}

/** Refuses while PD moves no leaders. */
export function requireLeaderScheduling(
  schedule: PDScheduleConfig,
  paused: readonly PDPausedScheduler[],
): void {
  if (schedule.haltScheduling || schedule.leaderScheduleLimit === 0) {
    refuseWith('LEADER_SCHEDULING_OFF', 'PD is configured to move no leaders.', {
      haltScheduling: schedule.haltScheduling,
      leaderScheduleLimit: schedule.leaderScheduleLimit,
    });
  }
  const names = paused.map(({ name }) => name);
  if (names.includes(EVICT_LEADER_SCHEDULER)) {
    refuseWith('SCHEDULER_PAUSED', `The ${EVICT_LEADER_SCHEDULER} is paused.`, {
      paused: names,
    });
  }
}

/** Refuses a drain when more regions can never leave than are accepted. Warns about the others. */
export function checkStaying(
  store: PDStore,
  staying: Staying,
  accepted: number,
): readonly string[] {
  const { lasting, passing } = staying;
  const words = describeStaying(staying);
  if (lasting > accepted) {
    refuseWith(
      'LEADERS_STAY',
      `${lasting} of ${store.leaderCount} leaders can never leave store ${store.id}: ${words}.`,
      { storeId: String(store.id), leaders: store.leaderCount, accepted, ...stayingFacts(staying) },
    );
  }
  if (lasting + passing === 0) return [];
  const now = passing === 0 ? '' : `, ${passing} of them until a peer or a store recovers`;
  return [
    `${lasting + passing} of ${store.leaderCount} leaders cannot leave store ${store.id}${now}: ${words}.`,
  ];
}
