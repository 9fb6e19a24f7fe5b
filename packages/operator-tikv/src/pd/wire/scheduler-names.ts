import type { JsonReader } from './json-reader.ts';

/** Moves leaders away from stores. */
export const EVICT_LEADER_SCHEDULER = 'evict-leader-scheduler';

/** Moves leaders to stores. */
export const GRANT_LEADER_SCHEDULER = 'grant-leader-scheduler';

/** Spreads leaders over the stores. */
export const BALANCE_LEADER_SCHEDULER = 'balance-leader-scheduler';

/** Reads `schedulers-v2` of the schedule configuration: the types that are not disabled, each once. */
export function parsePersistedTypes(body: JsonReader): readonly string[] {
  const enabled = body.list().filter((entry) => !entry.field('disable').flag());
  return [...new Set(enabled.map((entry) => entry.field('type').text()))];
}

/** Name of the schedulers of a type of the configuration; some append an argument. */
export function schedulerName(type: string): string {
  return `${toPrefix(type)}-scheduler`;
}

/**
 * True when a scheduler with this name has a type of the configuration. A type gives the beginning of the name,
 * not its end: up to PD 8.1 `scatter-range` runs as `scatter-range-NAME` (`FindSchedulerTypeByName`).
 */
export function isOfType(name: string, type: string): boolean {
  return name.startsWith(`${toPrefix(type)}-`);
}

function toPrefix(type: string): string {
  return type === 'hot-region' ? 'balance-hot-region' : type;
}
