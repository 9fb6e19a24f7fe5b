import { parseInteger } from '../http/body.ts';
import { type Reply, json, message, octets } from '../http/reply.ts';
import type { Route, RouteRequest } from '../http/route.ts';
import { isVoting } from '../world/cluster/peer.ts';
import { shuffled, spread } from '../world/cluster/random.ts';
import type { Region } from '../world/cluster/region.ts';
import type { World } from '../world/world.ts';
import { isTiFlash } from '../world/cluster/store.ts';
import { downSeconds, regionsJson } from './region-json.ts';
import { hexProblem } from './regions.ts';

type Check = (world: World, region: Region) => boolean;

/** A replica that the placement rules do not know of: PD counts it as one too many. */
function replicaCount(world: World, region: Region): number {
  return region.peers.filter((peer) => {
    const store = world.topology.stores.get(peer.storeId);
    return store === undefined || !isTiFlash(store);
  }).length;
}

/** PD looks at the stores of a region when the region's next heartbeat comes. */
function hasLeavingPeer(world: World, region: Region): boolean {
  const { seed, regionHeartbeatMs } = world.settings;
  const nextBeatMs = spread(seed, region.id) * regionHeartbeatMs;
  return region.peers.some((peer) => {
    const since = world.topology.stores.get(peer.storeId)?.leavingSince;
    return since !== undefined && world.clock.now() >= since + nextBeatMs + 1;
  });
}

const CHECKS: Readonly<Record<string, Check>> = {
  'miss-peer': (world, region) => replicaCount(world, region) < world.config.maxReplicas(),
  'extra-peer': (world, region) => replicaCount(world, region) > world.config.maxReplicas(),
  'pending-peer': (_world, region) => region.pending.size > 0,
  'down-peer': (world, region) => downSeconds(world, region).size > 0,
  'learner-peer': (_world, region) => region.peers.some((peer) => !isVoting(peer)),
  'empty-region': (_world, region) => region.sizeMiB <= 1,
  'offline-peer': hasLeavingPeer,
  'oversized-region': (_world, region) => region.sizeMiB >= 144,
  'undersized-region': (world, region) => region.sizeMiB < world.profile.maxMergeRegionSize,
};

/** These are counted on heartbeats: a leader that has not heard of a region does not list it. */
function checkRoute([name, check]: readonly [string, Check]): Route {
  return {
    method: 'GET',
    path: `/pd/api/v1/regions/check/${name}`,
    scope: 'cluster',
    handler: (world) => {
      const found = world.topology.regions
        .all()
        .filter((region) => region.reported && check(world, region));
      return octets(regionsJson(world, shuffled(world.random, found)));
    },
  };
}

interface Histogram {
  readonly name: string;
  readonly least: number;
  readonly value: (region: Region) => number;
}

const HISTOGRAMS: readonly Histogram[] = [
  { name: 'hist-size', least: 1, value: (region) => (region.reported ? region.sizeMiB : 0) },
  { name: 'hist-keys', least: 1000, value: (region) => (region.reported ? region.keys : 0) },
];

function histogramRoute(histogram: Histogram): Route {
  return {
    method: 'GET',
    path: `/pd/api/v1/regions/check/${histogram.name}`,
    scope: 'cluster',
    handler: (world, request) => countBuckets(world, request, histogram),
  };
}

function countBuckets(world: World, request: RouteRequest, { least, value }: Histogram): Reply {
  const given = request.query.get('bound');
  const parsed = parseInteger(given === undefined || given === '' ? '0' : given);
  if (!parsed.ok) return message(400, parsed.problem);
  const bound = Math.max(least, parsed.value);
  const buckets = new Map<number, number>();
  for (const region of world.topology.regions.all()) {
    const start = Math.floor(value(region) / bound) * bound;
    buckets.set(start, (buckets.get(start) ?? 0) + 1);
  }
  const sorted = [...buckets].toSorted(([one], [other]) => one - other);
  return json(
    200,
    sorted.map(([start, count]) => ({ start, end: start + bound - 1, count })),
  );
}

function getReplicated(world: World, request: RouteRequest): Reply {
  for (const name of ['startKey', 'endKey']) {
    const bad = /[^0-9a-fA-F]/.exec(request.query.get(name) ?? '');
    if (bad !== null) return message(400, hexProblem(bad[0]));
  }
  const start = (request.query.get('startKey') ?? '').toUpperCase();
  const regions = world.topology.regions.scan(
    start,
    (request.query.get('endKey') ?? '').toUpperCase(),
    Infinity,
  );
  const isWhole = regions.every(
    (region) => replicaCount(world, region) === world.config.maxReplicas(),
  );
  return message(200, isWhole ? 'REPLICATED' : 'INPROGRESS');
}

export const REGION_CHECK_ROUTES: readonly Route[] = [
  ...Object.entries(CHECKS).map(checkRoute),
  ...HISTOGRAMS.map(histogramRoute),
  {
    method: 'GET',
    path: '/pd/api/v1/regions/range-holes',
    scope: 'regions',
    handler: () => json(200, []),
  },
  {
    method: 'GET',
    path: '/pd/api/v1/regions/replicated',
    scope: 'cluster',
    handler: getReplicated,
    requires: ['startKey', 'endKey'],
  },
];
