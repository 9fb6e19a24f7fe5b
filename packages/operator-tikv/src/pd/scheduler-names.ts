import { isJsonObject } from 'operator-core';
import type { JsonObject } from 'operator-core';

/** Moves leaders away from stores. */
export const EVICT_LEADER_SCHEDULER = 'evict-leader-scheduler';

/** Moves leaders to stores. */
export const GRANT_LEADER_SCHEDULER = 'grant-leader-scheduler';

/** Spreads leaders over the stores. */
export const BALANCE_LEADER_SCHEDULER = 'balance-leader-scheduler';

/** The schedulers that every PD from 6.5 on starts with (PD API, schedulers). */
export const DEFAULT_SCHEDULERS: readonly string[] = [
  'balance-hot-region-scheduler',
  BALANCE_LEADER_SCHEDULER,
  'balance-region-scheduler',
];

/** The schedulers that PD has persisted and will start, by name; `null` when the configuration does not tell. */
export function parsePersistedSchedulers(config: JsonObject): readonly string[] | null {
  const listed = config['schedulers-v2'];
  if (!Array.isArray(listed)) return null;
  return listed
    .filter(isJsonObject)
    .filter((entry) => entry['disable'] !== true)
    .flatMap(({ type }) => (typeof type === 'string' ? [toSchedulerName(type)] : []));
}

/** The configuration uses short names, of which one is irregular (PD API, config). */
function toSchedulerName(type: string): string {
  return type === 'hot-region' ? 'balance-hot-region-scheduler' : `${type}-scheduler`;
}
