import { parseId, parseInteger } from '../http/body.ts';
import { type Reply, json, message, octets } from '../http/reply.ts';
import type { Route, RouteRequest } from '../http/route.ts';
import { codedText } from '../world/cluster/profile.ts';
import { shuffled } from '../world/cluster/random.ts';
import { PdRefusal } from '../world/cluster/refusal.ts';
import { type Region, peerOn } from '../world/cluster/region.ts';
import type { World } from '../world/world.ts';
import { ZERO_REGION, regionJson, regionsJson } from './region-json.ts';

const DEFAULT_LIMIT = 16;
const MAX_LIMIT = 10_240;

function list(world: World, regions: readonly Region[]): Reply {
  return octets(regionsJson(world, regions));
}

function getAll(world: World): Reply {
  return list(world, shuffled(world.random, world.topology.regions.all()));
}

function getCount(world: World): Reply {
  return json(200, { count: world.topology.regions.size, regions: null });
}

/** A key as the request gives it: raw bytes, or hex where the release knows the option. */
function readKey(world: World, raw: string, request: RouteRequest): string {
  if (!world.profile.isModern || request.query.get('format') !== 'hex') return toHex(raw);
  const bad = /[^0-9a-fA-F]/.exec(raw);
  if (bad !== null) throw new PdRefusal(400, hexProblem(bad[0]));
  if (raw.length % 2 === 1) throw new PdRefusal(400, 'encoding/hex: odd length hex string');
  return raw.toUpperCase();
}

/** Go's words for a character that is no hex digit. */
export function hexProblem(character: string): string {
  const point = character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
  return `encoding/hex: invalid byte: U+${point} '${character}'`;
}

function toHex(raw: string): string {
  return Buffer.from(raw, 'latin1').toString('hex').toUpperCase();
}

/** The `limit` of a request: PD clamps it silently. */
function readLimit(request: RouteRequest): number {
  const given = request.query.get('limit');
  if (given === undefined || given === '') return DEFAULT_LIMIT;
  const parsed = parseInteger(given);
  if (!parsed.ok) throw new PdRefusal(400, parsed.problem);
  return Math.min(parsed.value, MAX_LIMIT);
}

function scan(world: World, request: RouteRequest): Reply {
  const key = readKey(world, request.query.get('key') ?? '', request);
  const endKey = readKey(world, request.query.get('end_key') ?? '', request);
  const limit = readLimit(request);
  return list(world, world.topology.regions.scan(key, endKey, limit <= 0 ? Infinity : limit));
}

function getById(world: World, request: RouteRequest): Reply {
  const parsed = parseId(request.params['id'] ?? '');
  if (!parsed.ok) return message(400, parsed.problem);
  return oneRegion(world, world.topology.regions.get(parsed.id));
}

function getByKey(world: World, request: RouteRequest): Reply {
  const key = readKey(world, request.params['key'] ?? '', request);
  return oneRegion(world, world.topology.regions.containing(key));
}

function oneRegion(world: World, region: Region | undefined): Reply {
  return octets(region === undefined ? ZERO_REGION : regionJson(world, region));
}

type StoreFilter = (region: Region, storeId: number) => boolean;

const STORE_FILTERS: Readonly<Record<string, StoreFilter>> = {
  all: () => true,
  leader: (region, storeId) => region.reported && region.leader?.storeId === storeId,
  follower: (region, storeId) =>
    region.leader?.storeId !== storeId && peerOn(region, storeId)?.role !== 'Learner',
  learner: (region, storeId) => peerOn(region, storeId)?.role === 'Learner',
  witness: (region, storeId) => peerOn(region, storeId)?.isWitness === true,
  pending: (region, storeId) => region.pending.has(storeId),
};

function getOfStore(world: World, request: RouteRequest): Reply | 'hang' {
  const parsed = parseInteger(request.params['id'] ?? '');
  if (!parsed.ok) return message(400, parsed.problem);
  const type = world.profile.isModern ? (request.query.get('type') ?? 'all') : 'all';
  const filter = STORE_FILTERS[type === '' ? 'all' : type];
  if (filter === undefined) {
    // The handler leaves with the index's read lock held.
    world.faults.indexFrozen = true;
    world.topology.freeze(true);
    return message(400, `unknown sub tree region type ${type}`);
  }
  if (world.faults.indexFrozen && type !== 'all') return 'hang';
  const hosted = [...(world.topology.stores.get(parsed.value)?.hosting ?? [])];
  return list(
    world,
    hosted.filter((region) => filter(region, parsed.value)),
  );
}

function getSiblings(world: World, request: RouteRequest): Reply {
  const parsed = parseInteger(request.params['id'] ?? '');
  if (!parsed.ok) return message(400, parsed.problem);
  const region = world.topology.regions.get(parsed.value);
  if (region === undefined) {
    return message(
      404,
      codedText(world.profile, 'region:ErrRegionNotFound', `region ${parsed.value} not found`),
    );
  }
  const { left, right } = world.topology.regions.neighbours(region);
  const first = left === undefined ? ZERO_REGION : regionJson(world, left);
  // PD's encoder uses one struct for both: without a right neighbour the left one is written twice.
  return octets(
    `{"count":2,"regions":[${first},${right === undefined ? first : regionJson(world, right)}]}`,
  );
}

type Rank = (region: Region) => number;

const RANKS: Readonly<Record<string, Rank>> = {
  writeflow: (region) => region.flow.writtenBytes,
  writequery: (region) => region.flow.writtenKeys,
  readflow: (region) => region.flow.readBytes,
  readquery: (region) => region.flow.readKeys,
  confver: (region) => region.confVer,
  version: (region) => region.version,
  size: (region) => (region.reported ? region.sizeMiB : 0),
  keys: (region) => (region.reported ? region.keys : 0),
  cpu: () => 0,
};

function topBy(rank: Rank): (world: World, request: RouteRequest) => Reply {
  return (world, request) => {
    const limit = readLimit(request);
    if (limit <= 0) return list(world, []);
    const sorted = world.topology.regions.all().toSorted((one, other) => rank(other) - rank(one));
    return list(world, sorted.slice(0, limit));
  };
}

const TOP_ROUTES: readonly Route[] = Object.entries(RANKS).map(([name, rank]) => ({
  method: 'GET',
  path: `/pd/api/v1/regions/${name}`,
  scope: 'regions',
  handler: topBy(rank),
  ...(name.endsWith('query') ? { only: '8.5' } : {}),
}));

export const REGION_ROUTES: readonly Route[] = [
  { method: 'GET', path: '/pd/api/v1/regions', scope: 'regions', handler: getAll },
  { method: 'GET', path: '/pd/api/v1/regions/count', scope: 'regions', handler: getCount },
  { method: 'GET', path: '/pd/api/v1/regions/key', scope: 'regions', handler: scan },
  { method: 'GET', path: '/pd/api/v1/region/id/:id', scope: 'regions', handler: getById },
  { method: 'GET', path: '/pd/api/v1/region/key/:key', scope: 'regions', handler: getByKey },
  { method: 'GET', path: '/pd/api/v1/regions/store/:id', scope: 'regions', handler: getOfStore },
  { method: 'GET', path: '/pd/api/v1/regions/sibling/:id', scope: 'regions', handler: getSiblings },
  ...TOP_ROUTES,
];
