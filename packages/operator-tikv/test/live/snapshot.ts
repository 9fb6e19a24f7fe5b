import type { PDClient, PDRegion } from '../../src/pd/index.ts';
import type { HandMember, PdByHand } from './by-hand.ts';

/** So many regions are read with one request. */
const PAGE = 1_024;

/** Where a region's peers and its leader are. */
export interface Placement {
  readonly storeIds: readonly number[];
  readonly leaderStoreId: number | null;
}

/** Where every region is, by its id. */
export type Placements = ReadonlyMap<number, Placement>;

type JsonMap = Readonly<Record<string, unknown>>;

/** A store, as far as an administrator can change it. */
interface StoreState {
  readonly state: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** Everything that the live tests must leave as they found it, in PD's own words. */
export interface Snapshot {
  readonly schedule: JsonMap;
  readonly replication: JsonMap;
  /** Groups of placement rules; `null` while placement rules are disabled. */
  readonly rules: readonly unknown[] | null;
  readonly regionLabels: readonly unknown[];
  readonly labelProperties: LabelProperties;
  readonly schedulers: readonly string[];
  readonly pausedSchedulers: readonly string[];
  readonly evictedStoreIds: readonly number[];
  readonly stores: Readonly<Record<string, StoreState>>;
  /** Limits of peers a minute, by store and kind. */
  readonly storeLimits: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly members: readonly string[];
  /** Name of the member that leads PD. */
  readonly leader: string;
  readonly regions: Placements;
}

/** Labels of stores with a special meaning, by kind. */
export type LabelProperties = Readonly<
  Record<string, readonly { readonly key: string; readonly value: string }[]>
>;

/** The cluster under test, past the plugin: the client for regions, and PD by hand. */
export interface Reach {
  readonly pd: PDClient;
  readonly hand: PdByHand;
}

/** Reads the cluster as it is. */
export async function takeSnapshot({ pd, hand }: Reach): Promise<Snapshot> {
  const members = await hand.read<{ members: HandMember[]; leader: HandMember }>('members');
  const { schedule, replication } = await readSettings(hand);
  return {
    schedule,
    replication,
    rules: await readRules(hand),
    regionLabels: (await hand.readOr<unknown[]>('config/region-label/rules', [404])) ?? [],
    labelProperties: (await hand.read<LabelProperties | null>('config/label-property')) ?? {},
    schedulers: (await hand.read<string[]>('schedulers')).toSorted(),
    pausedSchedulers: (await hand.read<string[] | null>('schedulers?status=paused')) ?? [],
    evictedStoreIds: await readEvicted(hand),
    stores: await readStores(hand),
    storeLimits: await hand.read('stores/limit'),
    members: members.members.map(({ name }) => name).toSorted(),
    leader: members.leader.name,
    regions: await readPlacements(pd),
  };
}

/** Rules without what PD itself counts: a rule that was changed and put back has another version. */
async function readRules(hand: PdByHand): Promise<Snapshot['rules']> {
  const groups = await hand.readOr<readonly HandRules[]>('config/placement-rule', [412]);
  if (groups === null) return null;
  return groups.map(({ rules = [], ...group }) => ({
    ...group,
    rules: rules.map(({ version: _version, create_timestamp: _createdAt, ...rule }) => rule),
  }));
}

interface HandRules {
  readonly rules?: readonly JsonMap[];
}

/** Settings besides those that are compared on their own. */
async function readSettings(hand: PdByHand): Promise<Pick<Snapshot, 'schedule' | 'replication'>> {
  const [{ 'store-limit': _limits, 'schedulers-v2': _schedulers, ...schedule }, replication] =
    await Promise.all([
      hand.read<JsonMap>('config/schedule'),
      hand.read<JsonMap>('config/replicate'),
    ]);
  return { schedule, replication };
}

async function readEvicted(hand: PdByHand): Promise<readonly number[]> {
  const path = 'scheduler-config/evict-leader-scheduler/list';
  const body = await hand.readOr<Record<string, JsonMap | undefined>>(path, [404]);
  return Object.keys(body?.['store-id-ranges'] ?? {}).map(Number);
}

interface HandStores {
  readonly stores: readonly {
    readonly store: {
      readonly id: number;
      readonly state_name: string;
      readonly labels?: readonly { readonly key: string; readonly value: string }[];
    };
  }[];
}

async function readStores(hand: PdByHand): Promise<Snapshot['stores']> {
  const { stores } = await hand.read<HandStores>('stores');
  return Object.fromEntries(
    stores.map(({ store: { id, state_name: state, labels = [] } }) => [
      String(id),
      { state, labels: Object.fromEntries(labels.map(({ key, value }) => [key, value])) },
    ]),
  );
}

/** Reads where all regions are, page by page in the order of their keys. */
export async function readPlacements(pd: PDClient): Promise<Placements> {
  const found = new Map<number, Placement>();
  let startKey = '';
  do {
    const page = await pd.getRegionsByKey({ startKey, limit: PAGE });
    for (const region of page) found.set(region.id, placementOf(region));
    startKey = page.length < PAGE ? '' : (page.at(-1)?.endKey ?? '');
  } while (startKey !== '');
  return found;
}

/** Where the peers and the leader of a region are. */
export function placementOf(region: PDRegion): Placement {
  return {
    storeIds: region.peers.map(({ storeId }) => storeId).toSorted((one, other) => one - other),
    leaderStoreId: region.leader?.storeId ?? null,
  };
}

/** Leaders by store, as `1: 12, 2: 14`. */
export function describeLeaders({ stores, regions }: Snapshot): string {
  const leaders = [...regions.values()].map(({ leaderStoreId }) => leaderStoreId);
  return Object.keys(stores)
    .map((id) => `${id}: ${leaders.filter((leader) => leader === Number(id)).length}`)
    .join(', ');
}
