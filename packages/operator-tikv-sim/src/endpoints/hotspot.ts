import { parseId } from '../http/body.ts';
import { NOT_BOOTSTRAPPED } from '../http/not-bootstrapped.ts';
import { NIL_POINTER, type Reply, json, message, panic } from '../http/reply.ts';
import { isClusterRunning } from '../http/route.ts';
import type { Route, RouteRequest } from '../http/route.ts';
import { heartbeatOf } from '../world/cluster/heartbeat.ts';
import { codedText } from '../world/cluster/profile.ts';
import { type Region, peerOn } from '../world/cluster/region.ts';
import type { Store } from '../world/cluster/store.ts';
import type { World } from '../world/world.ts';
import { decodeGoJson } from '../text/go-json.ts';
import { type JsonObject, type JsonValue, sortedObject } from '../text/json-value.ts';
import { rfc3339 } from '../text/go-time.ts';

type Direction = 'read' | 'write';

/** Flows are totals of a heartbeat interval; rates are per second. */
const INTERVAL_SECONDS = 10;
/** Below this rate (bytes a second) a region is not hot. */
const HOT_BYTES = 1024;
const HOT_HEARTBEATS = 3;

function rates(
  region: Region,
  direction: Direction,
): { readonly bytes: number; readonly keys: number } {
  const { flow } = region;
  const [bytes, keys] =
    direction === 'write' ? [flow.writtenBytes, flow.writtenKeys] : [flow.readBytes, flow.readKeys];
  return { bytes: bytes / INTERVAL_SECONDS, keys: keys / INTERVAL_SECONDS };
}

/** Store and direction of a list of hot regions. */
interface Selection {
  readonly store: Store;
  readonly direction: Direction;
  readonly asLeader: boolean;
}

function busyRegions(world: World, { store, asLeader }: Selection): readonly Region[] {
  const members = asLeader ? store.leading : store.hosting;
  return [...world.topology.busyRegions].filter((region) => members.has(region));
}

/** Writes hit every replica, reads the leader. */
function loadOf(
  world: World,
  store: Store,
  direction: Direction,
): { readonly bytes: number; readonly keys: number } {
  let [bytes, keys] = [0, 0];
  if (!heartbeatOf(store, world.clock.now(), world.leadership.term.since).heard) {
    return { bytes, keys };
  }
  for (const region of busyRegions(world, { store, direction, asLeader: direction === 'read' })) {
    const rate = rates(region, direction);
    bytes += rate.bytes;
    keys += rate.keys;
  }
  return { bytes, keys };
}

function hotPeers(world: World, selection: Selection): JsonValue {
  const { direction } = selection;
  const asLeader = direction === 'read' || selection.asLeader;
  const busy = knowsHotRegions(world) ? busyRegions(world, { ...selection, asLeader }) : [];
  const hot = busy.filter((region) => rates(region, direction).bytes >= HOT_BYTES);
  const total = hot.map((region) => rates(region, direction));
  const sum = (key: 'bytes' | 'keys'): number =>
    total.reduce((all, rate) => all + Math.floor(rate[key]), 0);
  const load = shownLoad(world, selection, total);
  return {
    store_bytes: load.bytes,
    store_keys: load.keys,
    store_query: 0,
    ...(world.profile.isModern ? { store_cpu: 0 } : {}),
    total_flow_bytes: sum('bytes'),
    total_flow_keys: sum('keys'),
    total_flow_query: sum('keys'),
    ...(world.profile.isModern ? { total_flow_cpu: 0 } : {}),
    regions_count: hot.length,
    statistics: hot.map((region) => hotItem(world, region, selection)),
  };
}

/** A PD leader calls a region hot after its third heartbeat, and forgets it at the end of its term. */
function knowsHotRegions({ clock, leadership, settings }: World): boolean {
  return clock.now() - leadership.term.since >= HOT_HEARTBEATS * settings.regionHeartbeatMs;
}

/** Load as PD shows it: by writes, as leader, the sum of the hot regions in place of the store's. */
function shownLoad(
  world: World,
  { store, direction, asLeader }: Selection,
  hot: readonly { readonly bytes: number; readonly keys: number }[],
): { readonly bytes: number; readonly keys: number } {
  if (direction === 'read' || !asLeader) return loadOf(world, store, direction);
  const sum = (key: 'bytes' | 'keys'): number => hot.reduce((all, rate) => all + rate[key], 0);
  return { bytes: sum('bytes'), keys: sum('keys') };
}

function hotItem(world: World, region: Region, { store, direction }: Selection): JsonObject {
  const rate = rates(region, direction);
  return {
    store_id: store.id,
    stores: region.peers.map((peer) => peer.storeId),
    is_leader: region.leader?.storeId === store.id,
    is_learner: peerOn(region, store.id)?.role === 'Learner',
    region_id: region.id,
    hot_degree: 3,
    flow_bytes: Math.floor(rate.bytes),
    flow_keys: Math.floor(rate.keys),
    flow_query: Math.floor(rate.keys),
    ...(world.profile.isModern ? { flow_cpu: 0 } : {}),
    anti_count: 2,
    last_update_time: rfc3339(BigInt(Math.floor(world.clock.now() / 1000)) * 1_000_000_000n),
  };
}

function hotRegions(direction: Direction) {
  return (world: World, request: RouteRequest): Reply => {
    if (!isClusterRunning(world, request))
      return world.profile.isModern ? message(500, NOT_BOOTSTRAPPED) : json(200, null);
    const wanted: Store[] = [];
    for (const text of request.query.all('store_id')) {
      const parsed = parseId(text);
      if (!parsed.ok) return message(400, `invalid store id: ${text}`);
      const store = world.topology.stores.get(parsed.id);
      if (store === undefined) return unknownStore(world, parsed.id);
      wanted.push(store);
    }
    const stores =
      wanted.length > 0
        ? wanted
        : [...world.topology.stores.values()].filter((store) => store.state !== 'Tombstone');
    const view = (asLeader: boolean): JsonValue =>
      sortedObject(
        stores.map((store) => [store.id, hotPeers(world, { store, direction, asLeader })] as const),
      );
    return json(200, { as_peer: view(false), as_leader: view(true) });
  };
}

function unknownStore(world: World, storeId: number): Reply {
  return message(
    world.profile.isModern ? 500 : 404,
    codedText(world.profile, 'core:ErrStoreNotFound', `store ${storeId} not found`),
  );
}

function hotStores(world: World, request: RouteRequest): Reply {
  if (!isClusterRunning(world, request))
    return world.profile.isModern ? panic(NIL_POINTER) : json(200, {});
  const stores = [...world.topology.stores.values()].filter((store) => store.state !== 'Tombstone');
  const by = (value: (store: Store) => number): JsonValue =>
    sortedObject(stores.map((store) => [store.id, value(store)] as const));
  return json(200, {
    'bytes-write-rate': by((store) => loadOf(world, store, 'write').bytes),
    'bytes-read-rate': by((store) => loadOf(world, store, 'read').bytes),
    'keys-write-rate': by((store) => loadOf(world, store, 'write').keys),
    'keys-read-rate': by((store) => loadOf(world, store, 'read').keys),
    'query-write-rate': by((store) => loadOf(world, store, 'write').keys),
    'query-read-rate': by((store) => loadOf(world, store, 'read').keys),
    'cpu-read-rate': world.profile.isModern ? by(() => 0) : undefined,
  });
}

function history(_world: World, request: RouteRequest): Reply {
  const decoded = decodeGoJson(request.body);
  return decoded.ok ? json(200, { history_hot_region: null }) : message(400, decoded.message);
}

export const HOTSPOT_ROUTES: readonly Route[] = [
  {
    method: 'GET',
    path: '/pd/api/v1/hotspot/regions/read',
    scope: 'own',
    handler: hotRegions('read'),
  },
  {
    method: 'GET',
    path: '/pd/api/v1/hotspot/regions/write',
    scope: 'own',
    handler: hotRegions('write'),
  },
  { method: 'GET', path: '/pd/api/v1/hotspot/regions/history', scope: 'own', handler: history },
  { method: 'GET', path: '/pd/api/v1/hotspot/stores', scope: 'own', handler: hotStores },
  {
    method: 'GET',
    path: '/pd/api/v1/hotspot/buckets',
    scope: 'cluster',
    handler: () => json(200, {}),
    only: '8.5',
  },
];
