import type { PDClient } from '../pd/pd-client.ts';
import type { PDScheduleConfig } from '../pd/index.ts';
import {
  EVICT_LEADER_SCHEDULER,
  GRANT_LEADER_SCHEDULER,
  isOfType,
  schedulerName,
} from '../pd/index.ts';
import { wait } from '../pd/wire/wait.ts';

/** Effects of PD's schedulers on stores, and whether their list can be believed. */
export interface Scheduling {
  readonly schedulers: readonly string[];
  /** Stores from which leaders are evicted, ascending. Only to be believed when `missing` is empty. */
  readonly evictedStoreIds: readonly number[];
  /** Stores to which leaders are moved; they cannot be drained. */
  readonly grantedStoreIds: readonly number[];
  /** Names of schedulers that PD's leader has yet to start: until then an absence proves nothing. */
  readonly missing: readonly string[];
  /** Names of the schedulers that the configuration names and that do not run, `missing` among them. */
  readonly absent: readonly string[];
}

interface Found extends Scheduling {
  /** Types that the configuration names. */
  readonly persistedTypes: readonly string[];
}

/** A read of the schedulers. */
interface ReadOptions {
  readonly signal: AbortSignal;
  /** The schedule configuration, where the caller reads it anyway. Default: it is read. */
  readonly config?: Promise<PDScheduleConfig>;
}

/** Every PD from 6.5 on starts these, by their types in the configuration, unless they were removed. */
const DEFAULT_TYPES: readonly string[] = ['balance-region', 'balance-leader', 'hot-region'];

/** Types of the schedulers with stores: their absence must be proof. */
const LISTING_TYPES: readonly string[] = ['evict-leader', 'grant-leader'];

/** PD's leader looks every 3 s whether it may start its schedulers, and starts them in one go. */
const SETTLED_MS = 5000;
const POLL_MS = 1000;

/**
 * Reads schedulers and evictions.
 *
 * A PD leader starts the schedulers that its configuration names, and then removes from the configuration
 * those that cannot be started (`InitSchedulers`); evictions and grants that are not in the configuration
 * are not started. So the configuration shows the schedulers that will start, and a missing entry is proof too. PD can
 * leave an entry behind whose scheduler was removed (two drains while a PD leader starts, of which one
 * overwrites the other); such an entry counts no longer when others of
 * the configuration run and the list of schedulers has not changed for {@link SETTLED_MS}.
 */
export async function readScheduling(pd: PDClient, options: ReadOptions): Promise<Scheduling> {
  // It is waited for last: until then a rejection would be unhandled and end the process.
  options.config?.catch(() => undefined);
  let scheduling = await readOnce(pd, options);
  for (let sameMs = 0; isStartedInPart(scheduling) && sameMs < SETTLED_MS;) {
    await wait(POLL_MS, [options.signal]);
    const next = await readOnce(pd, { signal: options.signal });
    sameMs = isSame(next, scheduling) ? sameMs + POLL_MS : 0;
    scheduling = next;
  }
  if (!isStartedInPart(scheduling)) return scheduling;
  const { absent, missing } = scheduling;
  return { ...scheduling, missing: missing.filter((name) => !absent.includes(name)) };
}

/** True when PD's leader has started its schedulers. */
export function isPrepared(scheduling: Scheduling): boolean {
  return scheduling.missing.length === 0;
}

async function readOnce(pd: PDClient, options: ReadOptions): Promise<Found> {
  const { signal } = options;
  const [schedulers, { persistedTypes }] = await Promise.all([
    pd.getSchedulers({ signal }),
    options.config ?? pd.getScheduleConfig({ signal }),
  ]);
  const [evictions, grants] = await Promise.all([
    schedulers.includes(EVICT_LEADER_SCHEDULER) ? pd.getEvictLeaderStores({ signal }) : null,
    schedulers.includes(GRANT_LEADER_SCHEDULER) ? pd.getGrantLeaderStores({ signal }) : null,
  ]);
  const absent = persistedTypes.filter((type) => !runs(type, schedulers));
  const missing = absent.filter((type) => isAwaited(type)).map(schedulerName);
  // It was listed and is gone: the list that names the stores was not read, so nothing is known.
  if (schedulers.includes(EVICT_LEADER_SCHEDULER) && evictions === null)
    missing.push(EVICT_LEADER_SCHEDULER);
  if (schedulers.includes(GRANT_LEADER_SCHEDULER) && grants === null)
    missing.push(GRANT_LEADER_SCHEDULER);
  return {
    schedulers,
    missing,
    absent: absent.map(schedulerName),
    persistedTypes,
    evictedStoreIds: evictions?.storeIds ?? [],
    grantedStoreIds: grants?.storeIds ?? [],
  };
}

function isAwaited(type: string): boolean {
  return DEFAULT_TYPES.includes(type) || LISTING_TYPES.includes(type);
}

/** True when PD's leader has begun to start the schedulers of its configuration, and some do not run. */
function isStartedInPart({ schedulers, missing, persistedTypes }: Found): boolean {
  const defaults = persistedTypes.filter((type) => DEFAULT_TYPES.includes(type));
  // Until PD starts its own, any that runs may have been added by hand.
  const telling = defaults.length > 0 ? defaults : persistedTypes;
  return missing.length > 0 && telling.some((type) => runs(type, schedulers));
}

function runs(type: string, schedulers: readonly string[]): boolean {
  return schedulers.some((name) => isOfType(name, type));
}

function isSame(one: Scheduling, other: Scheduling): boolean {
  return one.schedulers.toSorted().join() === other.schedulers.toSorted().join();
}
