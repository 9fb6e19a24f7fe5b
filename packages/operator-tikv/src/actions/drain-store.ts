import { draft } from 'operator-core';
import type { InferParameters, PlanContext, PlanDraft, PlanOutcome } from 'operator-core';
import { defineParameters } from '../define-parameters.ts';
import { requirePrepared } from './check-prepared.ts';
import { defineAction } from '../define.ts';
import {
  addEvictLeaderRequest,
  EVICT_LEADER_SCHEDULER,
  GRANT_LEADER_SCHEDULER,
} from '../pd/index.ts';
import type { PDPausedScheduler, PDScheduleConfig, PDStore } from '../pd/index.ts';
import type { TiKVReads } from '../tikv-reads.ts';
import { refuseSilentState, refuseTiFlash, requireStore } from './check-target-store.ts';
import { drainDeadlineMs } from './deadlines.ts';
import {
  drainedStoresFact,
  storeCountFact,
  storeLoadFacts,
  storeStateFact,
  toImpact,
} from './evidence.ts';
import { storeId } from '../id-schemas.ts';
import { otherLeaderStores, requireOtherLeaderStore, toZoneImpact } from './leader-stores.ts';
import { requireCensus, takeCensus } from './read-leaders.ts';
import { findStore } from './read-target-store.ts';
import { readScheduling } from '../reads/scheduling.ts';
import type { Scheduling } from '../reads/scheduling.ts';
import { orRefused, refuseWith } from './refusals.ts';
import { verifyDrain } from './verify-drain.ts';

const SETTLE_MS = 2000;

const parameters = defineParameters({
  store_id: storeId('ID of the store that is to lead no region'),
});

/** Moves all leaders away from a store and keeps them away. */
export const drainStore = defineAction({
  name: 'drain_store',
  description: 'Move all leaders away from a store and keep them away until the drain is ended.',
  riskLevel: 'high',
  requiresApproval: false,
  hints: { idempotent: true, destructive: false },
  parameters,
  plan: (context) => orRefused(() => planDrain(context)),
  verify: verifyDrain,
});

/** Everything that the plan is made from, read at one time. */
interface Situation {
  readonly store: PDStore;
  readonly stores: readonly PDStore[];
  readonly scheduling: Scheduling;
  readonly schedule: PDScheduleConfig;
}

async function planDrain(
  context: PlanContext<InferParameters<typeof parameters>, TiKVReads>,
): Promise<PlanOutcome> {
  const { signal } = context;
  const { pd } = context.subject;
  const id = Number(context.parameters.store_id);
  const config = pd.getScheduleConfig({ signal });
  const [stores, regions, paused, schedule, scheduling] = await Promise.all([
    pd.getStores({ signal }),
    pd.getRegionCount({ signal }),
    pd.getPausedSchedulers({ signal }),
    config,
    readScheduling(pd, { signal, config }),
  ]);
  requirePrepared(scheduling);
  const store = requireStore(await findStore(stores, id, { pd, signal }), id);
  refuseTiFlash(store);
  refuseSilentState(store, stores);
  requireCensus(takeCensus(stores, regions));
  refuseSecondOwner(store, scheduling);
  refuseGranted(store, scheduling);
  requireLeaderScheduling(schedule, paused);
  requireOtherLeaderStore(store, stores, scheduling);
  return toDraft({ store, stores, scheduling, schedule });
}

function toDraft({ store, stores, scheduling, schedule }: Situation): PlanDraft {
  const others = otherLeaderStores(store, stores, scheduling);
  const resource = `store:${store.id}`;
  return draft({
    summary: `Drain store ${store.id}: evict its ${store.leaderCount} leaders and keep leaders away.`,
    evidence: {
      bound: [storeStateFact(store), drainedStoresFact(scheduling.evictedStoreIds)],
      shown: [
        ...storeLoadFacts(store),
        storeCountFact(stores),
        { name: 'leader-schedule-limit', value: schedule.leaderScheduleLimit, unit: 'count' },
      ],
    },
    effects: [
      {
        resource,
        description: `store ${store.id} leads no region`,
        before: store.leaderCount,
        after: 0,
      },
      { resource, description: `store ${store.id} is in the ${EVICT_LEADER_SCHEDULER}` },
    ],
    impact: [
      ...toImpact({ leaders: store.leaderCount, regions: store.leaderCount, movedMiB: 0 }),
      ...toZoneImpact(store, others),
    ],
    warnings:
      store.state === 'Offline'
        ? [
            'The store is being removed: the eviction stays in PD until it is ended, also after that.',
          ]
        : [],
    requests: [addEvictLeaderRequest(store.id)],
    resources: [
      { resource, mode: 'exclusive' },
      // PD keeps all evictions in one scheduler: two that change it must not meet.
      { resource: `scheduler:${EVICT_LEADER_SCHEDULER}`, mode: 'exclusive' },
    ],
    inverse: { action: 'undrain_store', parameters: { store_id: String(store.id) } },
    standingEffect: { name: 'evict-leader', resource },
    deadlineMs: drainDeadlineMs(store.leaderCount, schedule.leaderScheduleLimit),
    settleMs: SETTLE_MS,
  });
}

function refuseSecondOwner(store: PDStore, scheduling: Scheduling): void {
  if (!scheduling.evictedStoreIds.includes(store.id)) return;
  refuseWith('DRAIN_EXISTS', `Store ${store.id} is already being drained.`, {
    storeId: String(store.id),
    leaders: store.leaderCount,
    drainedStoreIds: scheduling.evictedStoreIds.map(String),
  });
}

/** Older PDs refuse to evict from such a store; in newer ones the two schedulers work against each other. */
function refuseGranted(store: PDStore, scheduling: Scheduling): void {
  if (!scheduling.grantedStoreIds.includes(store.id)) return;
  refuseWith('STORE_PAUSED', `The ${GRANT_LEADER_SCHEDULER} moves leaders to store ${store.id}.`, {
    storeId: String(store.id),
    scheduler: GRANT_LEADER_SCHEDULER,
  });
}

function requireLeaderScheduling(
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
