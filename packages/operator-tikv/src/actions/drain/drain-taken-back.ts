import type { JsonObject, Verification } from 'operator-core';
import { isUnknown } from 'operator-core';
import type { PDOperatorRecord, PDStore } from '../../pd/index.ts';
import { orUnknown } from '../../reads/or-unknown.ts';
import type { DrainContext } from './drain-context.ts';

/** PD's name for the operators of the scheduler (PD API, schedulers). */
const EVICT_LEADER = 'evict-leader';

/**
 * Concludes from a drain that PD does not list although its request was answered, or can no longer arrive. PD's answer, or
 * an operator by which it moved a leader off the store, shows that the drain was in force and was taken back.
 */
export async function notListedAnyMore(
  context: DrainContext,
  store: PDStore,
  facts: JsonObject,
): Promise<Verification> {
  const moved = await countEvicted(context, store.id);
  const now = `Store ${store.id} is not in the evict-leader list and leads ${describeLeaders(context, store)}.`;
  const seen = { state: 'failed', facts: { ...facts, leadersEvicted: moved } } as const;
  if (!context.answerLost) {
    return { ...seen, summary: `PD had added the drain. ${now}`, wasReached: true };
  }
  if (moved === null || moved === 0) return { ...seen, summary: now };
  const summary = `PD has records of ${moved} leaders that a drain moved off it. ${now}`;
  return { ...seen, summary, wasReached: true };
}

function describeLeaders({ plan }: DrainContext, { leaderCount }: PDStore): string {
  const before = plan?.effects[0]?.before;
  const now = `${leaderCount} regions`;
  return typeof before === 'number' ? `${now} (${before} when it was planned)` : now;
}

/** Number of leaders that PD moved off the store for a drain since the request; `null` when that cannot be read. */
async function countEvicted(
  { subject: { pd }, sentAt, signal }: DrainContext,
  storeId: number,
): Promise<number | null> {
  if (sentAt === null) return null;
  const options = { signal };
  const from = Math.floor(sentAt / 1000);
  const records = await orUnknown(pd.getOperatorRecords(from, options), options);
  if (isUnknown(records)) return null;
  return records.filter((record) => isEvicted(record, { storeId, sentAt })).length;
}

function isEvicted(
  { description, steps, createdAtMs }: PDOperatorRecord,
  { storeId, sentAt }: { readonly storeId: number; readonly sentAt: number },
): boolean {
  if (createdAtMs === null || createdAtMs < sentAt) return false;
  const isFrom = (step: string): boolean =>
    step.startsWith(`transfer leader from store ${storeId} `);
  return description.startsWith(EVICT_LEADER) && steps.some(isFrom);
}
