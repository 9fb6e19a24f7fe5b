import { readObject } from '../http/body.ts';
import { type Reply, json, message, panic } from '../http/reply.ts';
import type { Route, RouteRequest } from '../http/route.ts';
import { codedText } from '../world/cluster/profile.ts';
import { PdRefusal } from '../world/cluster/refusal.ts';
import type { Store } from '../world/cluster/store.ts';
import type { World } from '../world/world.ts';
import { type JsonValue, isJsonObject, sortedObject } from '../text/json-value.ts';
import { withStoreId } from './stores.ts';

const setWeight = withStoreId((world, storeId, request) => {
  const read = readObject(request.body);
  if (!read.ok) return read.reply;
  const leader = readWeight(read.value['leader'], 'leader');
  const region = readWeight(read.value['region'], 'region');
  const store = world.topology.stores.get(storeId);
  if (store === undefined)
    throw new PdRefusal(500, `[PD:core:ErrStoreNotFound]store ${storeId} not found`);
  store.leaderWeight = leader;
  store.regionWeight = region;
  return message(200, `The store's ${world.profile.isModern ? 'weight' : 'label'} is updated.`);
});

function unknownStore(world: World, storeId: number): PdRefusal {
  return new PdRefusal(
    500,
    codedText(world.profile, 'core:ErrStoreNotFound', `store ${storeId} not found`),
  );
}

function readWeight(value: JsonValue | undefined, name: string): number {
  if (value === undefined) throw new PdRefusal(400, `${name} weight unset`);
  if (typeof value !== 'number' || value < 0) throw new PdRefusal(400, `bad format ${name} weight`);
  return value;
}

const LIMIT_TYPES: Readonly<Record<string, readonly ('addPeer' | 'removePeer')[]>> = {
  'add-peer': ['addPeer'],
  'remove-peer': ['removePeer'],
  'send-snapshot': [],
};

interface LimitChange {
  readonly rate: number;
  readonly kinds: readonly ('addPeer' | 'removePeer')[];
}

function readLimit(
  world: World,
  body: Readonly<Record<string, JsonValue | undefined>>,
): LimitChange {
  const { rate, type } = { rate: body['rate'], type: body['type'] };
  if (rate === undefined) throw new PdRefusal(400, 'rate unset');
  if (typeof rate !== 'number' || rate <= 0)
    throw new PdRefusal(400, 'invalid rate which should be larger than 0');
  if (type === undefined) return { rate, kinds: ['addPeer', 'removePeer'] };
  if (typeof type !== 'string') throw new PdRefusal(400, 'bad format type');
  const kinds = type === 'send-snapshot' && !world.profile.isModern ? undefined : LIMIT_TYPES[type];
  if (kinds === undefined) throw new PdRefusal(400, 'unknown type');
  return { rate, kinds };
}

function applyLimit(store: Store, change: LimitChange): void {
  for (const kind of change.kinds) store.limits[kind] = change.rate;
}

function refuseSecondVersion(world: World, verb: 'get' | 'set'): void {
  if (!world.profile.isModern || world.config.scheduleValue('store-limit-version') !== 'v2') return;
  throw new PdRefusal(400, `current store limit version:v2 not support ${verb} limit`);
}

function checkTtl(request: RouteRequest): void {
  const ttl = request.query.get('ttlSecond');
  if (ttl === undefined || /^[-+]?\d+$/.test(ttl)) return;
  throw new PdRefusal(400, `strconv.Atoi: parsing ${JSON.stringify(ttl)}: invalid syntax`);
}

const setStoreLimit = withStoreId((world, storeId, request) => {
  refuseSecondVersion(world, 'set');
  const store = world.topology.stores.get(storeId);
  if (store === undefined) throw unknownStore(world, storeId);
  const read = readObject(request.body);
  if (!read.ok) return read.reply;
  const change = readLimit(world, read.value);
  checkTtl(request);
  applyLimit(store, change);
  return message(200, `The store's ${world.profile.isModern ? 'limit' : 'label'} is updated.`);
});

function setAllLimits(world: World, request: RouteRequest): Reply {
  refuseSecondVersion(world, 'set');
  const read = readObject(request.body);
  if (!read.ok) return read.reply;
  const change = readLimit(world, read.value);
  checkTtl(request);
  const labels = read.value['labels'];
  const crash = labels === undefined ? undefined : labelCrash(labels);
  if (crash !== undefined) return panic(crash);
  const wanted = isJsonObject(labels) ? Object.entries(labels) : [];
  for (const store of world.topology.stores.values()) {
    const fits = wanted.every(([key, value]) =>
      store.labels.some((label) => label.key === key && label.value === value),
    );
    if (fits && store.state !== 'Tombstone') applyLimit(store, change);
  }
  return message(200, 'Set store limit successfully.');
}

function goType(value: JsonValue | undefined): string {
  if (typeof value === 'number') return 'float64';
  if (Array.isArray(value)) return '[]interface {}';
  if (typeof value === 'boolean') return 'bool';
  return typeof value === 'string' ? 'string' : 'map[string]interface {}';
}

function labelCrash(labels: JsonValue): string | undefined {
  if (!isJsonObject(labels))
    return `interface conversion: interface {} is ${goType(labels)}, not map[string]interface {}`;
  const wrong = Object.values(labels).find((value) => typeof value !== 'string');
  return wrong === undefined
    ? undefined
    : `interface conversion: interface {} is ${goType(wrong)}, not string`;
}

function getLimits(world: World, request: RouteRequest): Reply {
  refuseSecondVersion(world, 'get');
  const flag = request.query.get('include_tombstone');
  if (
    flag !== undefined &&
    flag !== '' &&
    !/^(?:1|t|T|TRUE|true|True|0|f|F|FALSE|false|False)$/.test(flag)
  ) {
    return message(400, `strconv.ParseBool: parsing ${JSON.stringify(flag)}: invalid syntax`);
  }
  const withTombstones = /^(?:1|t|true)$/i.test(flag ?? '');
  const stores = [...world.topology.stores.values()].filter(
    (store) => withTombstones || store.state !== 'Tombstone',
  );
  return json(200, limitsOf(stores));
}

/** Limits a minute of each store, as PD's configuration lists them. */
export function limitsOf(stores: readonly Store[]): JsonValue {
  return sortedObject(
    stores.map(
      (store) =>
        [
          store.id,
          { 'add-peer': store.limits.addPeer, 'remove-peer': store.limits.removePeer },
        ] as const,
    ),
  );
}

export const STORE_LIMIT_ROUTES: readonly Route[] = [
  { method: 'POST', path: '/pd/api/v1/store/:id/weight', scope: 'cluster', handler: setWeight },
  { method: 'POST', path: '/pd/api/v1/store/:id/limit', scope: 'cluster', handler: setStoreLimit },
  { method: 'GET', path: '/pd/api/v1/stores/limit', scope: 'cluster', handler: getLimits },
  { method: 'POST', path: '/pd/api/v1/stores/limit', scope: 'cluster', handler: setAllLimits },
];
