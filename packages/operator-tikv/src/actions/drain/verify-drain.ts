import type { DrainContext } from './drain-context.ts';
import type { JsonObject, Plan, Verification } from 'operator-core';
import type { PDStore } from '../../pd/index.ts';
import { recordLeaderCount } from './drain-progress.ts';
import { mayStillArrive } from '../verifying/lost-request.ts';
import { countUnknownLeaders, takeCensus } from '../situation/read-leaders.ts';
import { isPrepared, readScheduling } from '../../reads/scheduling.ts';
import { wallNow } from '../../pd/wire/wall-clock.ts';
import { lookAtRest } from './verify-drain-rest.ts';
import type { Standstill } from './verify-drain-rest.ts';
import { notListedAnyMore } from './drain-taken-back.ts';

/** After that long without the store in PD's list, the request did not take effect or was taken back. */
const LISTED_WITHIN_MS = 15_000;

/** While leaders leave, only their number is read; when none has left for this long, each region is read. */
const STANDSTILL_MS = 2000;

/** Looks whether the store leads nothing and is kept that way. A leader count of 0 alone proves nothing. */
export async function verifyDrain(context: DrainContext): Promise<Verification> {
  const { subject, signal } = context;
  const { pd } = subject;
  const id = Number(context.parameters.store_id);
  const [stores, regions, scheduling] = await Promise.all([
    pd.getStores({ signal }),
    pd.getRegionCount({ signal }),
    readScheduling(pd, { signal }),
  ]);
  const store = stores.find((candidate) => candidate.id === id);
  if (store === undefined) {
    return { state: 'failed', summary: `Store ${id} is gone.`, facts: { storeId: String(id) } };
  }
  const facts = {
    storeId: String(id),
    leaders: store.leaderCount,
    drainedStoreIds: scheduling.evictedStoreIds.map(String),
  };
  if (!isPrepared(scheduling)) {
    return unknown('The PD leader has just started: what it shows cannot be judged yet.', facts);
  }
  if (!scheduling.evictedStoreIds.includes(id)) {
    return await notListed(context, store, facts);
  }
  return store.leaderCount > 0
    ? await stillLeads(context, { store, stores, scheduling }, facts)
    : await leadsNothing(context, { store, stores, regions }, facts);
}

async function stillLeads(
  context: DrainContext,
  { store, stores, scheduling }: Omit<Standstill, 'stillMs'>,
  facts: JsonObject,
): Promise<Verification> {
  const { plan, sentAt, subject } = context;
  const stillMs = recordLeaderCount(subject.pd, { storeId: store.id, sentAt }, store.leaderCount);
  if (plan !== null && stillMs < STANDSTILL_MS) return moving(store, plan, facts);
  const rest = await lookAtRest(context, { store, stores, scheduling, stillMs });
  return { ...moving(store, plan, facts), ...rest, facts: { ...facts, ...rest.facts } };
}

/** A region without a leader that PD knows of may still have its leader on the store. */
async function leadsNothing(
  { plan, subject, signal }: DrainContext,
  { store, stores, regions }: { store: PDStore; stores: readonly PDStore[]; regions: number },
  facts: JsonObject,
): Promise<Verification> {
  const census = takeCensus(stores, regions);
  const leaderless = await countUnknownLeaders(census, store, { pd: subject.pd, signal });
  return leaderless === 0
    ? reached(store, plan, facts)
    : unknown(
        `${leaderless} regions with a peer on store ${store.id} have no leader that PD knows of.`,
        {
          ...facts,
          regionsWithoutKnownLeader: leaderless,
        },
      );
}

async function notListed(
  context: DrainContext,
  store: PDStore,
  facts: JsonObject,
): Promise<Verification> {
  const { sentAt } = context;
  const summary = `Store ${store.id} is not in the evict-leader list and leads ${store.leaderCount} regions.`;
  if (mayStillArrive(context)) {
    return pending(`The answer was lost: the request may still arrive. ${summary}`, facts);
  }
  const isLate = sentAt !== null && wallNow() - sentAt > LISTED_WITHIN_MS;
  return isLate ? await notListedAnyMore(context, store, facts) : pending(summary, facts);
}

function moving(store: PDStore, plan: Plan | null, facts: JsonObject): Verification {
  const seen = pending(`Store ${store.id} still leads ${store.leaderCount} regions.`, facts);
  const total = plan?.effects[0]?.before;
  if (typeof total !== 'number' || total < store.leaderCount) return seen;
  return { ...seen, progress: { done: total - store.leaderCount, total, of: 'leaders' } };
}

function reached(store: PDStore, plan: Plan | null, facts: JsonObject): Verification {
  const lost = lostEvictions(plan, facts);
  const summary = `Store ${store.id} leads no region and is in the evict-leader list.`;
  return lost.length === 0
    ? { state: 'reached', summary, facts }
    : {
        state: 'reached',
        // A PD leader that starts while an eviction is added forgets the others (PD API, traps).
        summary: `${summary} But leaders are no longer kept away from stores ${lost.join(', ')}, which were drained before.`,
        facts: { ...facts, lostEvictions: lost },
      };
}

function lostEvictions(plan: Plan | null, facts: JsonObject): readonly string[] {
  const before = plan?.evidence.bound.find(({ name }) => name === 'drained stores')?.value;
  const now = facts['drainedStoreIds'];
  if (!Array.isArray(before) || !Array.isArray(now)) return [];
  return before.map(String).filter((id) => !now.includes(id));
}

function unknown(summary: string, facts: JsonObject): Verification {
  return { state: 'unknown', summary, facts };
}

function pending(summary: string, facts: JsonObject): Verification {
  return { state: 'pending', summary, facts };
}
