import { isUnknown, unknownBecause } from 'operator-core';
import type { CallOptions, OrUnknown } from 'operator-core';
import { isPrepared, readScheduling } from './scheduling.ts';
import type { Scheduling } from './scheduling.ts';
import type { PDClient, PDScheduleConfig } from '../pd/index.ts';
import { orUnknown } from './or-unknown.ts';

/** PD's schedulers and evictions, judged as plans judge them. */
export type Evictions = OrUnknown<Scheduling>;

/** A read of the evictions; `config`: the schedule configuration, where the caller reads it anyway. */
interface EvictionOptions extends CallOptions {
  readonly config?: Promise<PDScheduleConfig>;
}

/** Reads where leaders are evicted. Rejects only with the reason of an aborted signal. */
export function readEvictions(pd: PDClient, options: EvictionOptions): Promise<Evictions> {
  const { signal = new AbortController().signal, config } = options;
  const reading = readScheduling(pd, { signal, ...(config === undefined ? {} : { config }) });
  return orUnknown(reading, options);
}

/**
 * True when leaders are evicted from a store, false when not. A missing entry proves `false` only in a complete
 * list.
 */
export function isDrained(storeId: number, evictions: Evictions): OrUnknown<boolean> {
  if (isUnknown(evictions)) return evictions;
  if (evictions.evictedStoreIds.includes(storeId)) return true;
  const complete = isComplete(evictions);
  return isUnknown(complete) ? complete : false;
}

/** `true` when the evictions listed are all there are, else the reason to doubt it. */
export function isComplete(evictions: Evictions): OrUnknown<true> {
  if (isUnknown(evictions)) return evictions;
  if (isPrepared(evictions)) return true;
  const missing = evictions.missing.join(', ');
  return unknownBecause(`the PD leader has not started its schedulers yet (missing: ${missing})`);
}
