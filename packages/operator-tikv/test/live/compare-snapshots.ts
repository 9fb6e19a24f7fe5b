import { isDeepStrictEqual } from 'node:util';
import type { Snapshot } from './snapshot.ts';

/** So many regions are named; of the others only the number. */
const MOST_NAMED = 20;

const MAPS = [
  'schedule',
  'replication',
  'labelProperties',
  'stores',
  'storeLimits',
] as const satisfies readonly (keyof Snapshot)[];
const VALUES = [
  'rules',
  'regionLabels',
  'schedulers',
  'pausedSchedulers',
  'evictedStoreIds',
  'members',
  'leader',
] as const satisfies readonly (keyof Snapshot)[];

/** Everything that is not as it was, as sentences: settings, and every region. */
export function compareSnapshots(before: Snapshot, after: Snapshot): readonly string[] {
  return [...compareSettings(before, after), ...compareRegions(before, after)];
}

/** The same without regions. */
export function compareSettings(before: Snapshot, after: Snapshot): readonly string[] {
  return [
    ...MAPS.flatMap((part) => changedKeys(part, before[part], after[part])),
    ...VALUES.flatMap((part) => changed(part, before[part], after[part])),
  ];
}

/** Regions that are elsewhere, gone or new. */
function compareRegions(before: Snapshot, after: Snapshot): readonly string[] {
  const ids = new Set([...before.regions.keys(), ...after.regions.keys()]);
  const lines = [...ids].flatMap((id) =>
    changed(`region ${id}`, before.regions.get(id), after.regions.get(id)),
  );
  const more = lines.length - MOST_NAMED;
  return more <= 0
    ? lines
    : [...lines.slice(0, MOST_NAMED), `and ${more} more regions are not as they were`];
}

function changedKeys(
  section: string,
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
): readonly string[] {
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keys].flatMap((key) => changed(`${section}.${key}`, before[key], after[key]));
}

function changed(name: string, before: unknown, after: unknown): readonly string[] {
  if (isDeepStrictEqual(before, after)) return [];
  return [`${name} was ${JSON.stringify(before)} and is ${JSON.stringify(after)}`];
}
