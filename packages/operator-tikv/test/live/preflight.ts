import { setTimeout } from 'node:timers/promises';
import type { PDOperator } from '../../src/pd/index.ts';
import { findUnmended } from './hooks.ts';
import { describeLeaders, takeSnapshot } from './snapshot.ts';
import type { Reach, Snapshot } from './snapshot.ts';

const LEAST_STORES = 4;
/** More than these are not put back one by one in a reasonable time. */
const MOST_REGIONS = 5_000;
const OLDEST = [6, 5] as const;
/** PD's balancers act every few seconds while there is something to do. */
const STILL_MS = 10_000;
const NEEDED_SCHEDULERS = ['balance-leader-scheduler', 'balance-region-scheduler'] as const;
const FOREIGN_SCHEDULERS = /^(?:grant|shuffle|scatter|random|label|balance-range)/u;

/** The cluster as it is, and each reason why the suite must not start on it. */
export interface Preflight {
  readonly before: Snapshot;
  /** Sentences; empty when the suite may start. */
  readonly obstacles: readonly string[];
}

/**
 * Finds out if the suite can test on the cluster and put everything back. Reads only, twice, with `stillMs`
 * in between.
 */
export async function inspectCluster(reach: Reach, stillMs = STILL_MS): Promise<Preflight> {
  const first = await takeSnapshot(reach);
  await setTimeout(stillMs);
  const before = await takeSnapshot(reach);
  const obstacles = [
    ...findUnmended(process.env),
    ...(await findUnhealthy(reach)),
    ...findStoreObstacles(before),
    ...findSchedulingObstacles(before),
    ...findUnrest(first, before),
    ...(await reach.pd.getOperators()).map(describeOperator),
  ];
  return { before, obstacles };
}

async function findUnhealthy({ pd, hand }: Reach): Promise<readonly string[]> {
  const { leader } = await pd.getMembers();
  const health = await hand.read<readonly { name: string; health: boolean }[]>('health');
  return [
    ...versionObstacle(leader?.version ?? null),
    ...health.filter((one) => !one.health).map(({ name }) => `PD member ${name} is not healthy.`),
    ...(await findSick(pd)),
  ];
}

async function findSick(pd: Reach['pd']): Promise<readonly string[]> {
  const kinds = ['down-peer', 'pending-peer', 'miss-peer', 'extra-peer', 'offline-peer'] as const;
  const found = await Promise.all(kinds.map((kind) => pd.getRegionCheck(kind)));
  return kinds.flatMap((kind, index) => {
    const count = found[index]?.length ?? 0;
    return unless(count === 0, `PD counts ${count} regions as ${kind}: their peers still move.`);
  });
}

function versionObstacle(version: string | null): readonly string[] {
  const [major = 0, minor = 0] = (version ?? '').replace(/^v/u, '').split('.').map(Number);
  const isOldEnough = major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1]);
  return unless(isOldEnough, `PD is ${version ?? 'of an unknown version'}; 6.5 is the oldest.`);
}

function findStoreObstacles(before: Snapshot): readonly string[] {
  const stores = Object.entries(before.stores);
  const tikv = stores.filter(([, { labels }]) => labels['engine'] !== 'tiflash');
  const up = tikv.filter(([, { state }]) => state === 'Up');
  const leading = new Set([...before.regions.values()].map(({ leaderStoreId }) => leaderStoreId));
  const idle = up.filter(([id]) => !leading.has(Number(id)));
  const headless = [...before.regions.values()].filter(({ leaderStoreId }) => !leaderStoreId);
  return [
    ...unless(
      up.length >= LEAST_STORES,
      `${LEAST_STORES} TiKV stores that are Up are needed, and there are ${up.length}.`,
    ),
    ...stores
      .filter(([, { state }]) => state !== 'Up')
      .map(([id, { state }]) => `Store ${id} is ${state}.`),
    ...idle.map(
      ([id]) =>
        `Store ${id} leads no region (${describeLeaders(before)}): PD's balancer would not leave it so.`,
    ),
    ...unless(headless.length === 0, `PD knows no leader of ${headless.length} regions.`),
    ...unless(
      before.regions.size <= MOST_REGIONS,
      `There are ${before.regions.size} regions; at most ${MOST_REGIONS} can be put back one by one.`,
    ),
  ];
}

function findSchedulingObstacles(before: Snapshot): readonly string[] {
  const { schedule, schedulers, pausedSchedulers, evictedStoreIds, rules } = before;
  const limits = ['leader-schedule-limit', 'region-schedule-limit', 'replica-schedule-limit'];
  return [
    ...pausedSchedulers.map(
      (name) => `${name} is paused: the pause cannot be put back as long as it was.`,
    ),
    ...NEEDED_SCHEDULERS.filter((name) => !schedulers.includes(name)).map(
      (name) => `${name} does not run: what a test moves away would not come back.`,
    ),
    ...schedulers
      .filter((name) => FOREIGN_SCHEDULERS.test(name))
      .map((name) => `${name} runs, and moves regions for a reason of its own.`),
    ...unless(evictedStoreIds.length === 0, `Stores are drained: ${evictedStoreIds.join(', ')}.`),
    ...limits.filter((name) => schedule[name] === 0).map((name) => `${name} is 0.`),
    ...unless(!isOn(schedule['halt-scheduling']), 'Scheduling is halted.'),
    ...unless(rules !== null, 'Placement rules are disabled.'),
  ];
}

/** Regions that moved between two looks: what is under way now is not what would be put back. */
function findUnrest(first: Snapshot, before: Snapshot): readonly string[] {
  const same = (id: number): boolean =>
    JSON.stringify(first.regions.get(id)) === JSON.stringify(before.regions.get(id));
  const ids = new Set([...first.regions.keys(), ...before.regions.keys()]);
  const moved = [...ids].filter((id) => !same(id));
  return unless(
    moved.length === 0,
    `PD moves regions by itself: ${moved.length} between two looks, as ${moved.slice(0, 5).join(', ')} (leaders by store ${describeLeaders(first)}, then ${describeLeaders(before)}).`,
  );
}

function describeOperator({ regionId, brief }: PDOperator): string {
  return `An operator runs on region ${regionId}: ${brief}.`;
}

function unless(isSo: boolean, sentence: string): readonly string[] {
  return isSo ? [] : [sentence];
}

/** PD writes some booleans as strings. */
function isOn(value: unknown): boolean {
  return value === true || value === 'true';
}
