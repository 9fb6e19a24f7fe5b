import { draft, nothingToDo } from 'operator-core';
import type {
  InferParameters,
  PlanContext,
  PlanDraft,
  PlanOutcome,
  Verification,
} from 'operator-core';
import { defineParameters } from '../contract/define-parameters.ts';
import { requirePrepared } from './checks/check-prepared.ts';
import { BALANCE_LEADER_SCHEDULER, EVICT_LEADER_SCHEDULER } from '../pd/index.ts';
import type { PDStore } from '../pd/index.ts';
import type { PDClient } from '../pd/pd-client.ts';
import type { TiKVReads } from '../contract/tikv-reads.ts';
import { requireStore } from './checks/check-target-store.ts';
import { IMMEDIATE_DEADLINE_MS } from './verifying/deadlines.ts';
import { defineChange } from './define-change.ts';
import {
  drainedStoresFact,
  storeCountFact,
  storeLoadFacts,
  toImpact,
} from './situation/evidence.ts';
import { storeId } from '../contract/id-schemas.ts';
import { toRequest } from './pd-change.ts';
import { findStore } from './situation/read-target-store.ts';
import { isPrepared, readScheduling } from '../reads/scheduling.ts';
import type { Scheduling } from '../reads/scheduling.ts';
import { orRefused } from './checks/refusals.ts';

const SETTLE_MS = 1000;

const parameters = defineParameters({
  store_id: storeId('ID of the store that may lead regions again'),
});

type Parameters = InferParameters<typeof parameters>;

/** Ends the drain of a store. */
export const undrainStore = defineChange({
  name: 'undrain_store',
  description: 'End the drain of a store, so that it may lead regions again.',
  riskLevel: 'low',
  requiresApproval: false,
  hints: { idempotent: true, destructive: false },
  parameters,
  // PD removes the scheduler with its last store, and the path with it. This path, and not
  // `/schedulers/evict-leader-scheduler-<id>`: that one answers `null` to everything, also when it fails (PD API, schedulers).
  change: {
    purpose: 'stop evicting the leaders of the store',
    route: `DELETE /scheduler-config/${EVICT_LEADER_SCHEDULER}/delete/{store_id}`,
    answers: [
      ['the config does not exist|scheduler not found|404 page not found', 'DRAIN_NOT_FOUND'],
    ],
  },

  plan: (context) => orRefused(() => planUndrain(context)),

  async verify({ parameters: wanted, subject: { pd }, signal }): Promise<Verification> {
    const scheduling = await readAll(pd, signal);
    const facts = {
      storeId: wanted.store_id,
      drainedStoreIds: scheduling.evictedStoreIds.map(String),
    };
    if (!isPrepared(scheduling)) {
      const summary =
        'The PD leader has just started: a drain that it does not show may still exist.';
      return { state: 'unknown', summary, facts };
    }
    const isListed = scheduling.evictedStoreIds.includes(Number(wanted.store_id));
    return {
      state: isListed ? 'pending' : 'reached',
      summary: `Store ${wanted.store_id} is ${isListed ? 'still' : 'not'} in the evict-leader list.`,
      facts,
    };
  },
});

/** Everything that the plan is made from, read at one time. */
interface Situation {
  /** `null`: the store is gone, and its drain has stayed. */
  readonly store: PDStore | null;
  readonly stores: readonly PDStore[];
  readonly scheduling: Scheduling;
}

async function planUndrain(context: PlanContext<Parameters, TiKVReads>): Promise<PlanOutcome> {
  const { signal } = context;
  const { pd } = context.subject;
  const id = Number(context.parameters.store_id);
  const [stores, scheduling] = await Promise.all([pd.getStores({ signal }), readAll(pd, signal)]);
  requirePrepared(scheduling);
  const store = await findStore(stores, id, { pd, signal });
  if (!scheduling.evictedStoreIds.includes(id)) {
    requireStore(store, id);
    return nothingToDo(`Store ${id} is not being drained.`, {
      storeId: String(id),
      drainedStoreIds: scheduling.evictedStoreIds.map(String),
    });
  }
  return toDraft(id, { store, stores, scheduling });
}

/**
 * The read includes the persisted configuration, so that a drain that is not shown certainly does not exist.
 */
function readAll(pd: PDClient, signal: AbortSignal): Promise<Scheduling> {
  return readScheduling(pd, { signal, config: pd.getScheduleConfig({ signal }) });
}

function toDraft(id: number, { store, stores, scheduling }: Situation): PlanDraft {
  const resource = `store:${id}`;
  return draft({
    summary: `End the drain of store ${id}: it may lead regions again.`,
    evidence: {
      bound: [{ name: `${resource} is drained`, value: true }],
      shown: [
        drainedStoresFact(scheduling.evictedStoreIds),
        ...(store === null ? [] : storeLoadFacts(store)),
        storeCountFact(stores),
      ],
    },
    effects: [
      {
        resource,
        description: `store ${id} is no longer in the ${EVICT_LEADER_SCHEDULER}`,
        before: true,
        after: false,
      },
    ],
    impact: toImpact({ leaders: 0, regions: 0, movedMiB: 0 }),
    warnings: scheduling.schedulers.includes(BALANCE_LEADER_SCHEDULER)
      ? []
      : [`The ${BALANCE_LEADER_SCHEDULER} is not there: leaders will not come back by themselves.`],
    requests: [toRequest(undrainStore.change, { store_id: String(id) })],
    resources: [
      { resource, mode: 'exclusive' },
      { resource: `scheduler:${EVICT_LEADER_SCHEDULER}`, mode: 'exclusive', until: 'sent' },
    ],
    inverse: { action: 'drain_store', parameters: { store_id: String(id) } },
    deadlineMs: IMMEDIATE_DEADLINE_MS,
    settleMs: SETTLE_MS,
  });
}
