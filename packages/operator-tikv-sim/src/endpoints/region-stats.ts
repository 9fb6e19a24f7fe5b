import { type Reply, json } from '../http/reply.ts';
import type { Route, RouteRequest } from '../http/route.ts';
import { type Region, knownLeader } from '../world/cluster/region.ts';
import type { World } from '../world/world.ts';
import { type JsonValue, sortedObject } from '../text/json-value.ts';

/** Sums of one store. */
class Sums {
  readonly #byStore = new Map<number, number>();

  add(storeId: number, value: number): void {
    this.#byStore.set(storeId, (this.#byStore.get(storeId) ?? 0) + value);
  }

  toJson(): JsonValue {
    return sortedObject(this.#byStore);
  }

  get isEmpty(): boolean {
    return this.#byStore.size === 0;
  }
}

const SUM_NAMES = [
  'store_leader_count',
  'store_peer_count',
  'store_leader_size',
  'store_leader_keys',
  'store_peer_size',
  'store_peer_keys',
] as const;

/** Sums that are left out when there is nothing in them. */
const OPTIONAL_SUMS: ReadonlySet<string> = new Set(['store_peer_keys']);

function getStats(world: World, request: RouteRequest): Reply {
  const hex = (name: string): string =>
    Buffer.from(request.query.get(name) ?? '', 'latin1')
      .toString('hex')
      .toUpperCase();
  const regions = world.topology.regions.scan(hex('start_key'), hex('end_key'), Infinity);
  if (request.query.has('count')) return json(200, countOnly(world, regions.length));
  const sums = new Map(SUM_NAMES.map((name) => [name, new Sums()] as const));
  let [size, keys, emptyRegions] = [0, 0, 0];
  for (const region of regions) {
    if (region.reported) {
      size += region.sizeMiB;
      keys += region.keys;
    }
    if (!region.reported || region.sizeMiB <= 1) emptyRegions += 1;
    addRegion(sums, region);
  }
  return json(200, {
    count: regions.length,
    empty_count: emptyRegions,
    storage_size: size,
    user_storage_size: world.profile.isModern ? 0 : undefined,
    storage_keys: keys,
    ...Object.fromEntries(
      [...sums]
        .filter(([name, sum]) => !sum.isEmpty || !OPTIONAL_SUMS.has(name))
        .map(([name, sum]) => [name, sum.toJson()]),
    ),
  });
}

function addRegion(sums: ReadonlyMap<(typeof SUM_NAMES)[number], Sums>, region: Region): void {
  const [size, keys] = region.reported ? [region.sizeMiB, region.keys] : [0, 0];
  const leader = knownLeader(region);
  if (leader !== undefined) {
    sums.get('store_leader_count')?.add(leader.storeId, 1);
    sums.get('store_leader_size')?.add(leader.storeId, size);
    sums.get('store_leader_keys')?.add(leader.storeId, keys);
  }
  for (const peer of region.peers) {
    sums.get('store_peer_count')?.add(peer.storeId, 1);
    sums.get('store_peer_size')?.add(peer.storeId, size);
    sums.get('store_peer_keys')?.add(peer.storeId, keys);
  }
}

function countOnly(world: World, count: number): JsonValue {
  return {
    count,
    empty_count: 0,
    storage_size: 0,
    user_storage_size: world.profile.isModern ? 0 : undefined,
    storage_keys: 0,
    store_leader_count: null,
    store_peer_count: null,
    store_leader_size: null,
    store_leader_keys: null,
    store_peer_size: null,
    store_peer_keys: null,
  };
}

export const REGION_STATS_ROUTES: readonly Route[] = [
  { method: 'GET', path: '/pd/api/v1/stats/region', scope: 'cluster', handler: getStats },
];
