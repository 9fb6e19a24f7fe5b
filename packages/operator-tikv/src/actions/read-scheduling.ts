import type { PDClient } from '../pd/pd-client.ts';
import type { PDScheduleConfig } from '../pd/index.ts';
import { EVICT_LEADER_SCHEDULER, GRANT_LEADER_SCHEDULER } from '../pd/index.ts';
import { refuseWith } from './refusals.ts';

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

/** The schedulers that every PD from 6.5 on starts with. */
const DEFAULT_SCHEDULERS = [
  'balance-hot-region-scheduler',
  'balance-leader-scheduler',
  'balance-region-scheduler',
] as const;

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
  const schedulers = await pd.getSchedulers({ signal });
  const listsEvictions = schedulers.includes(EVICT_LEADER_SCHEDULER);
  const [evictions, grants] = await Promise.all([
    listsEvictions ? pd.getEvictLeaderStores({ signal }) : null,
    schedulers.includes(GRANT_LEADER_SCHEDULER) ? pd.getGrantLeaderStores({ signal }) : null,
  ]);
  const complete = DEFAULT_SCHEDULERS.every((name) => schedulers.includes(name));
  const config = options.config ?? (complete ? null : pd.getScheduleConfig({ signal }));
  const expected = config === null ? DEFAULT_SCHEDULERS : persistedSchedulers(await config);
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

/** Refuses while PD's schedulers are not all there: an absence then proves nothing. */
export function requirePrepared(scheduling: Scheduling): void {
  if (isPrepared(scheduling)) return;
  const missing = scheduling.missing.join(', ') || 'all';
  refuseWith(
    'CLUSTER_NOT_READY',
    `The PD leader has not started its schedulers yet (missing: ${missing}): what it does not show may still be there.`,
    { missing: [...scheduling.missing], schedulers: [...scheduling.schedulers] },
  );
}

/** Whether PD's schedulers are all there. */
export function isPrepared(scheduling: Scheduling): boolean {
  return scheduling.missing.length === 0 && scheduling.schedulers.length > 0;
}

function persistedSchedulers(config: PDScheduleConfig): string[] {
  const listed = config.raw['schedulers-v2'];
  if (!Array.isArray(listed)) return [...DEFAULT_SCHEDULERS];
  return listed
    .filter((entry) => entry['disable'] !== true && typeof entry['type'] === 'string')
    .map((entry) => toSchedulerName(String(entry['type'])));
}

/** The configuration uses short names, of which one is irregular (PD API, config). */
function toSchedulerName(type: string): string {
  return type === 'hot-region' ? 'balance-hot-region-scheduler' : `${type}-scheduler`;
}
