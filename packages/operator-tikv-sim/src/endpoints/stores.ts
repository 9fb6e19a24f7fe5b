import { shuffled } from '../world/cluster/random.ts';
import { PdRefusal } from '../world/cluster/refusal.ts';
import type { Store } from '../world/cluster/store.ts';
import { requireStore, stateName } from '../world/store-health.ts';
import type { World } from '../world/world.ts';
import { parseId, parseInteger } from '../http/body.ts';
import { type Reply, inputError, json, message } from '../http/reply.ts';
import type { Route, RouteRequest } from '../http/route.ts';
import { storeInfo, storesInfo } from './store-info.ts';

const STATES = ['Up', 'Offline', 'Tombstone'] as const;
const STATE_NAMES: ReadonlySet<string> = new Set([
  'up',
  'offline',
  'tombstone',
  'disconnected',
  'down',
]);

function getStores(world: World, request: RouteRequest): Reply {
  const wanted = request.query.all('state').map((text) => {
    const parsed = parseInteger(text);
    if (!parsed.ok) throw new PdRefusal(500, parsed.problem);
    const state = STATES[parsed.value];
    if (state === undefined) throw new PdRefusal(500, `unknown StoreState: ${parsed.value}`);
    return state;
  });
  const states: readonly string[] = wanted.length === 0 ? ['Up', 'Offline'] : wanted;
  return json(
    200,
    storesInfo(
      world,
      select(world, (store) => states.includes(store.state)),
    ),
  );
}

function checkStores(world: World, request: RouteRequest): Reply {
  const wanted = request.query.all('state').filter((name) => name !== '');
  const unknown = wanted.find((name) => !STATE_NAMES.has(name.toLowerCase()));
  if (unknown !== undefined) throw new PdRefusal(400, `unknown StoreState: ${unknown}`);
  const names = wanted.map((name) => name.toLowerCase());
  const stores = select(
    world,
    (store) => names.length === 0 || names.includes(stateName(world, store).toLowerCase()),
  );
  return json(200, storesInfo(world, stores));
}

function select(world: World, fits: (store: Store) => boolean): Store[] {
  return shuffled(world.random, [...world.topology.stores.values()].filter(fits));
}

/** Runs a handler with the store id of the path; PD refuses an unreadable one before all else. */
export function withStoreId(
  handler: (world: World, storeId: number, request: RouteRequest) => Reply | 'hang',
) {
  return (world: World, request: RouteRequest): Reply | 'hang' => {
    const parsed = parseId(request.params['id'] ?? '');
    return parsed.ok ? handler(world, parsed.id, request) : inputError(parsed.problem);
  };
}

const getStore = withStoreId((world, storeId) =>
  json(200, storeInfo(world, requireStore(world, storeId, 404))),
);

function getLabels(world: World): Reply {
  const seen = new Map<string, { readonly key: string; readonly value: string }>();
  for (const store of world.topology.stores.values()) {
    for (const label of store.labels)
      seen.set(`${label.key}=${label.value}`, { key: label.key, value: label.value });
  }
  return json(200, seen.size === 0 ? null : [...seen.values()]);
}

function getStoresByLabel(world: World, request: RouteRequest): Reply {
  const name = toRegExp(request.query.get('name') ?? '');
  const value = toRegExp(request.query.get('value') ?? '');
  const fits = (store: Store): boolean =>
    store.labels.some((label) => name.test(label.key) && value.test(label.value));
  return json(200, storesInfo(world, select(world, fits)));
}

function toRegExp(source: string): RegExp {
  try {
    return new RegExp(source, 'i');
  } catch {
    throw new PdRefusal(500, `error parsing regexp: missing closing ): \`(?i)${source}\``);
  }
}

function getProgress(world: World, request: RouteRequest): Reply {
  const id = request.query.get('id');
  const action = request.query.get('action');
  if (id !== undefined && id !== '') return progressOfStore(world, id);
  if (action === undefined || action === '') return message(400, 'need query parameters');
  const moving = [...world.topology.stores.values()].filter(
    (store) => progressAction(store) === action,
  );
  if (moving.length > 0) return json(200, progress(action, undefined));
  return message(
    404,
    `[PD:progress:ErrProgressNotFound]no progress found for the action: ${action}`,
  );
}

function progressOfStore(world: World, id: string): Reply {
  const parsed = parseId(id);
  if (!parsed.ok) return inputError(parsed.problem, { Func: 'ParseUint', Num: id, Err: {} });
  const store = world.topology.stores.get(parsed.id);
  const action = store === undefined ? undefined : progressAction(store);
  if (action !== undefined) return json(200, progress(action, parsed.id));
  return message(
    404,
    `[PD:progress:ErrProgressNotFound]no progress found for the given store ID: ${parsed.id}`,
  );
}

function progressAction(store: Store): string | undefined {
  if (store.state === 'Offline') return 'removing';
  return store.state === 'Up' && store.nodeState === 'Preparing' && store.beatingSince !== undefined
    ? 'preparing'
    : undefined;
}

function progress(action: string, storeId: number | undefined) {
  return {
    action,
    store_id: storeId,
    progress: 0,
    current_speed: 0,
    left_seconds: Number.MAX_VALUE,
  };
}

export const STORE_ROUTES: readonly Route[] = [
  { method: 'GET', path: '/pd/api/v1/stores', scope: 'cluster', handler: getStores },
  {
    method: 'GET',
    path: '/pd/api/v1/stores/check',
    scope: 'cluster',
    handler: checkStores,
    only: '8.5',
  },
  { method: 'GET', path: '/pd/api/v1/store/:id', scope: 'cluster', handler: getStore },
  { method: 'GET', path: '/pd/api/v1/stores/progress', scope: 'cluster', handler: getProgress },
  { method: 'GET', path: '/pd/api/v1/labels', scope: 'cluster', handler: getLabels },
  { method: 'GET', path: '/pd/api/v1/labels/stores', scope: 'cluster', handler: getStoresByLabel },
];
