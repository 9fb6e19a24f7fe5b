import { draft, isUnknown } from 'operator-core';
import type {
  InferParameters,
  OrUnknown,
  PlanContext,
  PlanDraft,
  PlanOutcome,
} from 'operator-core';
import { defineParameters } from '../contract/define-parameters.ts';
import { requirePrepared } from './checks/check-prepared.ts';
import { EVICT_LEADER_SCHEDULER } from '../pd/index.ts';
import type { PDScheduleConfig, PDStore } from '../pd/index.ts';
import type { TiKVReads } from '../contract/tikv-reads.ts';
import {
  checkStaying,
  refuseGranted,
  refuseSecondOwner,
  requireLeaderScheduling,
} from './drain/check-drain.ts';
import { refuseTiFlash, refuseUnheard, requireStore } from './checks/check-target-store.ts';
import { fastStepMs, GRACE_MS } from './verifying/deadlines.ts';
import { defineChange } from './define-change.ts';
import {
  drainedStoresFact,
  storeCountFact,
  storeLoadFacts,
  storeStateFact,
  toImpact,
} from './situation/evidence.ts';
import { acceptedCount, storeId } from '../contract/id-schemas.ts';
import {
  otherLeaderStores,
  requireOtherLeaderStore,
  toZoneImpact,
} from './checks/leader-stores.ts';
import { LOST_REQUEST_MS } from './verifying/lost-request.ts';
import { toRequest } from './pd-change.ts';
import { requireCensus, takeCensus } from './situation/read-leaders.ts';
import { findStore } from './situation/read-target-store.ts';
import { readScheduling } from '../reads/scheduling.ts';
import type { Scheduling } from '../reads/scheduling.ts';
import { orUnknown } from '../reads/or-unknown.ts';
import { readStoreList } from '../reads/store-list.ts';
import { DRAIN_EFFECT, orRefused } from './checks/refusals.ts';
import { findStaying } from './drain/staying-regions.ts';
import type { Staying } from './drain/staying-regions.ts';
import { verifyDrain } from './drain/verify-drain.ts';

const SETTLE_MS = 2000;

const parameters = defineParameters({
  store_id: storeId('ID of the store that should lead no region'),
  accept_staying: acceptedCount(
    'Number of regions that may stay because their leaders can never leave',
  ),
});

type Parameters = InferParameters<typeof parameters>;

/** Moves all leaders away from a store and keeps them away. */
export const drainStore = defineChange({
  name: 'drain_store',
  description: 'Move all leaders away from a store and keep them away until the drain is ended.',
  riskLevel: 'high',
  requiresApproval: false,
  hints: { idempotent: true, destructive: false },
  parameters,
  // PD makes the scheduler when it is absent, and adds the store to it when it is there (PD API, schedulers).
  change: {
    purpose: 'evict the leaders of the store',
    route: 'POST /schedulers',
    kind: EVICT_LEADER_SCHEDULER,
    body: ({ store_id }) => ({ store_id: Number(store_id) }),
    answers: [['scheduler existed', 'SCHEDULER_EXISTS']],
  },
  plan: (context) => orRefused(() => planDrain(context)),
  verify: verifyDrain,
});

/** Everything that the plan is made from, read at one time. */
interface Situation {
  readonly store: PDStore;
  readonly stores: readonly PDStore[];
  readonly scheduling: Scheduling;
  readonly schedule: PDScheduleConfig;
  readonly staying: Staying;
  readonly warnings: readonly string[];
}

async function planDrain(context: PlanContext<Parameters, TiKVReads>): Promise<PlanOutcome> {
  const { signal } = context;
  const { pd } = context.subject;
  const id = Number(context.parameters.store_id);
  const config = pd.getConfig({ signal });
  const [stores, regions, paused, { schedule }, groups, scheduling] = await Promise.all([
    readStoreList(pd, { signal }),
    pd.getRegionCount({ signal }),
    pd.getPausedSchedulers({ signal }),
    config,
    orUnknown(pd.getRuleGroups({ signal }), { signal }),
    readScheduling(pd, { signal, config: config.then((whole) => whole.schedule) }),
  ]);
  requirePrepared(scheduling);
  const store = requireStore(await findStore(stores, id, { pd, signal }), id);
  refuseTiFlash(store);
  refuseUnheard(store, stores);
  requireCensus(takeCensus(stores, regions));
  refuseSecondOwner(store, scheduling);
  refuseGranted(store, scheduling);
  requireLeaderScheduling(schedule, paused);
  requireOtherLeaderStore(store, stores, scheduling);
  const surroundings = { store, stores, scheduling, config: await config, groups };
  const staying = isSilent(store) ? NONE_STAYS : await findStaying(pd, surroundings, { signal });
  const warnings = [
    ...warnOfState(store),
    ...warnOfRules(groups),
    ...checkStaying(store, staying, context.parameters.accept_staying ?? 0),
  ];
  return toDraft({ store, stores, scheduling, schedule, staying, warnings });
}

/** PD does not know which regions a silent store leads: they elect other leaders if they can. */
const NONE_STAYS: Staying = { led: 0, lasting: 0, passing: 0, first: [] };

function isSilent({ state }: PDStore): boolean {
  return state === 'Down' || state === 'Disconnected';
}

function warnOfState(store: PDStore): readonly string[] {
  if (isSilent(store)) {
    return [
      `Store ${store.id} is ${store.state}: PD cannot move its leaders. Regions with a majority elect others; the eviction keeps leaders away when the store comes back.`,
    ];
  }
  if (store.state !== 'Offline') return [];
  return [
    'The store is being removed: the eviction stays in PD until it is ended, also after that.',
  ];
}

function warnOfRules(groups: OrUnknown<unknown>): readonly string[] {
  if (!isUnknown(groups)) return [];
  return [`It is unknown if placement rules keep leaders on the store: ${groups.unknown}.`];
}

function toDraft(situation: Situation): PlanDraft {
  const { store, stores, scheduling, schedule, staying } = situation;
  const moved = store.leaderCount - staying.lasting;
  const others = otherLeaderStores(store, stores, scheduling);
  const resource = `store:${store.id}`;
  return draft({
    summary: toSummary(store, staying),
    evidence: {
      bound: [storeStateFact(store), drainedStoresFact(scheduling.evictedStoreIds)],
      shown: [
        ...storeLoadFacts(store),
        storeCountFact(stores),
        {
          name: `store:${store.id} leaders that cannot leave`,
          value: staying.lasting,
          unit: 'count',
        },
        { name: 'leader-schedule-limit', value: schedule.leaderScheduleLimit, unit: 'count' },
      ],
    },
    effects: toEffects(situation),
    impact: [
      ...toImpact({ leaders: moved, regions: moved, movedMiB: 0 }),
      ...toZoneImpact(store, others),
    ],
    warnings: situation.warnings,
    requests: [toRequest(drainStore.change, { store_id: String(store.id) })],
    resources: [
      { resource, mode: 'exclusive' },
      // PD keeps all evictions in one scheduler: two requests must not change it at the same time.
      { resource: `scheduler:${EVICT_LEADER_SCHEDULER}`, mode: 'exclusive', until: 'sent' },
    ],
    inverse: { action: 'undrain_store', parameters: { store_id: String(store.id) } },
    standingEffect: { name: DRAIN_EFFECT, resource },
    deadlineMs: toDeadlineMs(store.leaderCount, schedule.leaderScheduleLimit),
    settleMs: SETTLE_MS,
  });
}

function toSummary(store: PDStore, { lasting }: Staying): string {
  const leaders = lasting === 0 ? store.leaderCount : store.leaderCount - lasting;
  const stay = lasting === 0 ? '' : `; ${lasting} stay`;
  return `Drain store ${store.id}: evict its ${leaders} leaders and keep leaders away${stay}.`;
}

function toEffects({ store, staying }: Situation): PlanDraft['effects'] {
  const resource = `store:${store.id}`;
  return [
    {
      resource,
      description:
        staying.lasting === 0
          ? `store ${store.id} leads no region`
          : `store ${store.id} leads no region but those that cannot leave`,
      before: store.leaderCount,
      after: staying.lasting,
    },
    {
      resource,
      description: `store ${store.id} is in the ${EVICT_LEADER_SCHEDULER}`,
      before: false,
      after: true,
    },
  ];
}

const LONGEST_MS = 3_600_000;

/**
 * Deadline of a drain: PD moves `leader-schedule-limit` leaders at a time and gives each up to 60 s.
 * An effect without progress is not waited for longer than an hour. It is not over while a lost request may
 * still arrive: the end of the run's lease would find no drain, and leave one that comes later.
 */
function toDeadlineMs(leaders: number, leaderScheduleLimit: number): number {
  const rounds = Math.ceil(leaders / Math.max(1, leaderScheduleLimit)) + 1;
  const wholeMs = Math.max(rounds * fastStepMs(0), LOST_REQUEST_MS) + GRACE_MS;
  return Math.min(wholeMs, LONGEST_MS);
}
