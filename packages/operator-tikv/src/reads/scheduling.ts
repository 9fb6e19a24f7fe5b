import type { PDClient } from '../pd/pd-client.ts';
import type { PDScheduleConfig } from '../pd/index.ts';
import { DEFAULT_SCHEDULERS, EVICT_LEADER_SCHEDULER, GRANT_LEADER_SCHEDULER } from '../pd/index.ts';

/** What PD's schedulers do to stores, and whether the list of them can be believed. */
export interface Scheduling {
  readonly schedulers: readonly string[];
  /** Stores from which leaders are evicted, ascending. Only to be believed when `missing` is empty. */
  readonly evictedStoreIds: readonly number[];
  /** Stores to which leaders are moved; they cannot be drained. */
  readonly grantedStoreIds: readonly number[];
  /** Schedulers that should run and do not: PD's leader has just started (PD API, schedulers). */
  readonly missing: readonly string[];
}

/**
 * Reads schedulers and evictions. `config` lets the caller that has it anyway compare with what PD has
 * persisted; otherwise it is read only when a default scheduler is missing, which an administrator
 * may have removed for good.
 */
export async function readScheduling(
  pd: PDClient,
  options: { readonly signal: AbortSignal; readonly config?: Promise<PDScheduleConfig> },
): Promise<Scheduling> {
  const { signal } = options;
  // It is waited for last: until then nobody would hear that it has failed, and that would end the process.
  options.config?.catch(() => undefined);
  const schedulers = await pd.getSchedulers({ signal });
  const listsEvictions = schedulers.includes(EVICT_LEADER_SCHEDULER);
  const [evictions, grants] = await Promise.all([
    listsEvictions ? pd.getEvictLeaderStores({ signal }) : null,
    schedulers.includes(GRANT_LEADER_SCHEDULER) ? pd.getGrantLeaderStores({ signal }) : null,
  ]);
  const complete = DEFAULT_SCHEDULERS.every((name) => schedulers.includes(name));
  const config = options.config ?? (complete ? null : pd.getScheduleConfig({ signal }));
  const expected =
    config === null
      ? DEFAULT_SCHEDULERS
      : ((await config).persistedSchedulers ?? DEFAULT_SCHEDULERS);
  const missing = expected.filter((name) => !schedulers.includes(name));
  // It was listed and is gone: the list that names the stores was not read, so nothing is known.
  if (listsEvictions && evictions === null) missing.push(EVICT_LEADER_SCHEDULER);
  return {
    schedulers,
    missing,
    evictedStoreIds: evictions?.storeIds ?? [],
    grantedStoreIds: grants?.storeIds ?? [],
  };
}

/** Whether PD's schedulers are all there. */
export function isPrepared(scheduling: Scheduling): boolean {
  return scheduling.missing.length === 0 && scheduling.schedulers.length > 0;
}
