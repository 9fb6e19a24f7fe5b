import type { HandMember } from './by-hand.ts';
import type { Reach, Snapshot } from './snapshot.ts';
import { until } from './until.ts';

/** TiKV reports each region once a minute. */
const READY_MS = 180_000;

interface HandStore {
  readonly store: { readonly id: number; readonly state_name: string };
  readonly status: { readonly leader_count?: number };
}

/** What `waitUntilReady` needs to know of the cluster as it was. */
type Known = Pick<Snapshot, 'members' | 'stores' | 'schedulers'>;

/** Waits until every member, store and region is known to PD's leader again. Throws with what is missing. */
export async function waitUntilReady(reach: Reach, before: Known): Promise<void> {
  let missing: readonly string[] = [];
  const isReady = async (): Promise<boolean> => {
    missing = await findMissing(reach, before);
    return missing.length === 0;
  };
  if (await until(isReady, READY_MS)) return;
  throw new Error(`PD is not ready after ${READY_MS / 1000} s: ${missing.join(' ')}`);
}

/** What PD does not know yet after one of its leaders has started, as sentences. */
async function findMissing({ hand }: Reach, before: Known): Promise<readonly string[]> {
  const health = await hand.read<readonly (HandMember & { health: boolean })[]>('health');
  const { stores } = await hand.read<{ stores: readonly HandStore[] }>('stores');
  const { count } = await hand.read<{ count: number }>('regions/count');
  const schedulers = await hand.read<readonly string[]>('schedulers');
  const leaders = stores.reduce((sum, { status }) => sum + (status.leader_count ?? 0), 0);
  const states = new Map(stores.map(({ store }) => [String(store.id), store.state_name]));
  return [
    ...before.members
      .filter((name) => !health.some((one) => one.name === name && one.health))
      .map((name) => `Member ${name} is not healthy.`),
    ...Object.entries(before.stores)
      .filter(([id, { state }]) => states.get(id) !== state)
      .map(([id]) => `Store ${id} is ${states.get(id)}.`),
    ...(leaders === count ? [] : [`The leaders of ${leaders} of ${count} regions are known.`]),
    ...before.schedulers
      .filter((name) => !schedulers.includes(name) && name !== 'evict-leader-scheduler')
      .map((name) => `${name} does not run.`),
  ];
}
