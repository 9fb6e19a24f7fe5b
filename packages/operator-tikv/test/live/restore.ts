import { isDeepStrictEqual } from 'node:util';
import { mendAll } from './journal.ts';
import type { PdByHand } from './by-hand.ts';
import { restoreRegions } from './restore-regions.ts';
import { takeSnapshot } from './snapshot.ts';
import type { LabelProperties, Reach, Snapshot } from './snapshot.ts';
import { until } from './until.ts';
import { waitUntilReady } from './readiness.ts';

const LEADER_MS = 30_000;

/** Puts back everything: what is broken, PD's leader, settings, and every region. Changes only what differs. */
export async function restore(reach: Reach, before: Snapshot, stillMs?: number): Promise<void> {
  const errors: unknown[] = [];
  for (const step of [
    () => restoreSettings(reach, before),
    () => restoreLeader(reach.hand, before.leader),
    () => waitUntilReady(reach, before),
    () => restoreRegions(reach, before, stillMs),
  ]) {
    // What one step could not put back must not keep the next ones from their part.
    await step().catch((error: unknown) => errors.push(error));
  }
  if (errors.length > 0) throw new Error(errors.map(String).join('; '));
}

/** Mends what is broken and puts settings back. Regions and PD's leader stay where they are. */
export async function restoreSettings(reach: Reach, before: Snapshot): Promise<void> {
  await mendAll();
  await waitUntilReady(reach, before);
  const { hand } = reach;
  const now = await takeSnapshot(reach);
  // PD takes these only while its default rule is as they are, and changes that rule with them.
  await restoreConfig(hand, 'replication', { before, now });
  if (!isDeepStrictEqual(before.rules, now.rules) && before.rules !== null) {
    await hand.change('POST', 'config/placement-rule', before.rules);
  }
  await restoreLabelProperties(hand, before.labelProperties, now.labelProperties);
  await restoreLabels(hand, before, now);
  await restoreConfig(hand, 'schedule', { before, now });
  await restoreLimits(hand, before, now);
  await restoreSchedulers(hand, before, now);
}

async function restoreLabelProperties(
  hand: PdByHand,
  before: LabelProperties,
  now: LabelProperties,
): Promise<void> {
  const lines = (all: LabelProperties): readonly string[] =>
    Object.entries(all).flatMap(([type, labels]) =>
      labels.map(({ key, value }) => JSON.stringify([type, key, value])),
    );
  const set = async (line: string, action: 'set' | 'delete'): Promise<void> => {
    const [type, key, value] = JSON.parse(line) as readonly string[];
    const body = { type, action, 'label-key': key, 'label-value': value };
    await hand.change('POST', 'config/label-property', body);
  };
  const [wanted, found] = [lines(before), lines(now)];
  for (const line of found.filter((one) => !wanted.includes(one))) await set(line, 'delete');
  for (const line of wanted.filter((one) => !found.includes(one))) await set(line, 'set');
}

async function restoreLabels(hand: PdByHand, before: Snapshot, now: Snapshot): Promise<void> {
  for (const [id, { labels }] of Object.entries(before.stores)) {
    const found = now.stores[id]?.labels ?? {};
    if (isDeepStrictEqual(found, labels)) continue;
    for (const key of Object.keys(found).filter((one) => labels[one] === undefined)) {
      await hand.change('DELETE', `store/${id}/label`, key);
    }
    if (Object.keys(labels).length > 0) await hand.change('POST', `store/${id}/label`, labels);
  }
}

const CONFIG_PATHS = { schedule: 'config/schedule', replication: 'config/replicate' } as const;

async function restoreConfig(
  hand: PdByHand,
  part: keyof typeof CONFIG_PATHS,
  { before, now }: { readonly before: Snapshot; readonly now: Snapshot },
): Promise<void> {
  const changed = Object.entries(before[part]).filter(
    ([key, value]) => !isDeepStrictEqual(now[part][key], value),
  );
  if (changed.length === 0) return;
  await hand.change('POST', CONFIG_PATHS[part], Object.fromEntries(changed));
}

async function restoreLimits(hand: PdByHand, before: Snapshot, now: Snapshot): Promise<void> {
  for (const [id, limits] of Object.entries(before.storeLimits)) {
    for (const [type, rate] of Object.entries(limits)) {
      if (now.storeLimits[id]?.[type] === rate) continue;
      await hand.change('POST', `store/${id}/limit`, { type, rate });
    }
  }
}

async function restoreSchedulers(hand: PdByHand, before: Snapshot, now: Snapshot): Promise<void> {
  for (const id of now.evictedStoreIds.filter((one) => !before.evictedStoreIds.includes(one))) {
    await hand.change('DELETE', `schedulers/evict-leader-scheduler-${id}`);
  }
  for (const name of now.pausedSchedulers.filter((one) => before.schedulers.includes(one))) {
    await hand.change('POST', `schedulers/${name}`, { delay: 0 });
  }
}

async function restoreLeader(hand: PdByHand, name: string): Promise<void> {
  const isLeader = async (): Promise<boolean> =>
    (await hand.read<{ name: string }>('leader')).name === name;
  if (await isLeader()) return;
  await hand.change('POST', `leader/transfer/${name}`);
  await until(isLeader, LEADER_MS);
}
