import { STORE_HEARTBEAT_MS } from '../world/cluster/heartbeat.ts';
import type { Peer } from '../world/cluster/peer.ts';
import { spread } from '../world/cluster/random.ts';
import type { Region } from '../world/cluster/region.ts';
import { type Label, type Store, noCounts } from '../world/cluster/store.ts';
import { splitRegion } from '../operators/reshape.ts';
import type { World } from '../world/world.ts';

const TIB = 1024 ** 4;
/** The stores have been up for a while when the model starts. */
const UPTIME_MS = 120_000;
const KEYS_PER_MIB = 10_000;

/** Fills the model: stores, then regions whose leaders and replicas go round over the stores. */
export function populate(world: World): void {
  const { stores, tiflashStores, regions } = world.settings;
  for (let index = 0; index < stores; index += 1)
    addStore(world, { labels: [], registeredAt: -UPTIME_MS });
  for (let index = 0; index < tiflashStores; index += 1) {
    addStore(world, { labels: [{ key: 'engine', value: 'tiflash' }], registeredAt: -UPTIME_MS });
  }
  for (let index = 0; index < regions; index += 1) addRegion(world, index);
  if (world.settings.keyspaceSplit) splitAtKeyspaces(world);
}

/** PD 8.5 cuts the default keyspace's raw and transactional ranges out of the first and the last region. */
function splitAtKeyspaces(world: World): void {
  const cuts = [
    ['7200000000000000FB', '7200000100000000FB'],
    ['7800000000000000FB', '7800000100000000FB'],
  ];
  for (const keys of cuts) {
    const region = world.topology.regions.containing(keys[0] ?? '');
    if (region !== undefined) splitRegion(world, region, keys);
  }
}

export interface NewStore {
  readonly labels: readonly Label[];
  /** Milliseconds from now: negative for a store that has been there. */
  readonly registeredAt: number;
  /** A registered store that has not sent a heartbeat yet is Down. */
  readonly firstHeartbeatAfterMs?: number;
}

export function addStore(world: World, options: NewStore): Store {
  const id = world.topology.allocateId();
  const startedAt = world.clock.now() + options.registeredAt;
  const isOld = options.registeredAt < 0;
  const store: Store = {
    id,
    address: `127.0.0.1:${20_160 + (id % 20_000)}`,
    statusAddress: `127.0.0.1:${20_180 + (id % 20_000)}`,
    capacityBytes: capacityFor(world),
    foreignBytes: 0,
    startedAt,
    state: 'Up',
    nodeState: isOld ? 'Serving' : 'Preparing',
    physicallyDestroyed: false,
    labels: options.labels,
    busy: false,
    leavingSince: undefined,
    receivesFrom: -Infinity,
    leaderWeight: 1,
    regionWeight: 1,
    limits: {
      addPeer: isTiFlashLabel(options.labels) ? 30 : 15,
      removePeer: isTiFlashLabel(options.labels) ? 30 : 15,
    },
    beatingSince: startedAt + (options.firstHeartbeatAfterMs ?? phaseOf(world, id)),
    silence: undefined,
    persistMs: 0,
    pausedBy: undefined,
    counts: noCounts(),
    dataMiB: 0,
    frozenCounts: undefined,
    leading: new Set(),
    hosting: new Set(),
  };
  world.topology.addStore(store);
  return store;
}

/** A disk that the regions fill to a quarter at most: a full one would change what PD does. */
function capacityFor(world: World): number {
  const { stores, regions, replicas, regionSizeMiB } = world.settings;
  const expected = (regions * replicas * regionSizeMiB * 1024 ** 2) / stores;
  return TIB * 2 ** Math.max(0, Math.ceil(Math.log2((4 * expected) / TIB)));
}

/** Offset of the store's heartbeats within their ten seconds. */
function phaseOf(world: World, id: number): number {
  const { seed, spreadHeartbeats } = world.settings;
  return spreadHeartbeats ? Math.floor(spread(seed, id) * STORE_HEARTBEAT_MS) : 0;
}

function isTiFlashLabel(labels: readonly Label[]): boolean {
  return labels.some((label) => label.key === 'engine' && label.value === 'tiflash');
}

function addRegion(world: World, index: number): void {
  const { stores, tiflashStores, regions, replicas, regionSizeMiB } = world.settings;
  const { topology } = world;
  const peers: Peer[] = Array.from({ length: Math.min(replicas, stores) }, (_, offset) => ({
    id: topology.allocateId(),
    storeId: ((index + offset) % stores) + 1,
    role: 'Voter',
  }));
  if (tiflashStores > 0)
    peers.push({
      id: topology.allocateId(),
      storeId: stores + 1 + (index % tiflashStores),
      role: 'Learner',
    });
  const region: Region = {
    id: topology.allocateId(),
    startKey: index === 0 ? '' : boundary(index - 1),
    endKey: index === regions - 1 ? '' : boundary(index),
    peers,
    leader: peers[0],
    confVer: 1,
    version: 1,
    sizeMiB: regionSizeMiB,
    keys: regionSizeMiB * KEYS_PER_MIB,
    flow: { writtenBytes: 0, writtenKeys: 0, readBytes: 0, readKeys: 0 },
    reported: true,
    pending: new Set(),
    down: new Map(),
  };
  topology.addRegion(region);
}

/** A row key of a table, memory-comparable as TiDB encodes it. */
function boundary(index: number): string {
  const row = index.toString(16).toUpperCase().padStart(6, '0');
  return `7480000000000000FF015F728000000000FF${row}FF00000000FB`;
}
