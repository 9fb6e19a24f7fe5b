import { readObject } from '../http/body.ts';
import { NOT_BOOTSTRAPPED } from '../http/not-bootstrapped.ts';
import { NOT_FOUND, type Reply, json, message, text } from '../http/reply.ts';
import { isClusterRunning } from '../http/route.ts';
import type { Handler, Route, RouteRequest } from '../http/route.ts';
import type { World } from '../world/world.ts';
import {
  BALANCE_LEADER,
  EVICT_LEADER,
  GRANT_LEADER,
  type StoreListScheduler,
} from '../world/schedulers/scheduler-names.ts';
import { type JsonValue, sortedObject } from '../text/json-value.ts';
import { requireKnownStore, removeListedStore } from './scheduler-stores.ts';
import { HOT_REGION_CONFIG } from './hot-region-config.ts';

/** A scheduler's own configuration exists while the scheduler runs; without a running cluster everything here is 406. */
function configOf(name: string, handler: Handler): Handler {
  return (world, request) => {
    if (!isClusterRunning(world, request)) return message(406, NOT_BOOTSTRAPPED);
    return world.schedulers.has(name) ? handler(world, request) : NOT_FOUND;
  };
}

/** The whole key space, as the releases spell it. */
function wholeRange(world: World): JsonValue {
  return world.profile.isModern
    ? { 'end-key': '', 'start-key': '' }
    : { 'start-key': '', 'end-key': '' };
}

function listStores(name: StoreListScheduler): Handler {
  return (world) => {
    const ranges = world.schedulers
      .storesOf(name)
      .map((storeId) => [storeId, [wholeRange(world)]] as const);
    const batch =
      name === EVICT_LEADER && world.profile.isModern ? world.schedulers.evictBatch : undefined;
    return json(200, { 'store-id-ranges': sortedObject(ranges), batch });
  };
}

function changeStores(name: StoreListScheduler): Handler {
  return (world, request) => {
    const read = readObject(request.body);
    if (!read.ok) return read.reply;
    const storeId = read.value['store_id'];
    if (typeof storeId !== 'number' && (name === GRANT_LEADER || !world.profile.isModern)) {
      return message(400, '[PD:scheduler:ErrSchedulerConfig]wrong scheduler config id');
    }
    if (typeof storeId === 'number') requireKnownStore(world, storeId);
    const refusal =
      name === EVICT_LEADER && world.profile.isModern
        ? changeBatch(world, read.value['batch'])
        : undefined;
    if (refusal !== undefined) return refusal;
    if (typeof storeId === 'number') world.schedulers.addStore(name, storeId);
    return message(200, 'The scheduler has been applied to the store.');
  };
}

function changeBatch(world: World, batch: JsonValue | undefined): Reply | undefined {
  if (typeof batch !== 'number') return undefined;
  if (batch < 1 || batch > 10) return message(400, 'batch is invalid, it should be in [1, 10]');
  world.schedulers.evictBatch = Math.trunc(batch);
  return undefined;
}

function deleteStore(name: StoreListScheduler): Handler {
  return (world, request) => removeListedStore(world, name, request.params['id'] ?? '');
}

function getBalanceLeader(world: World): Reply {
  return json(200, { ranges: [wholeRange(world)], batch: world.schedulers.balanceLeaderBatch });
}

function setBalanceLeader(world: World, request: RouteRequest): Reply {
  const read = readObject(request.body);
  if (!read.ok) return read.reply;
  const batch = read.value['batch'];
  const struct = world.profile.isModern
    ? 'balanceLeaderSchedulerParam'
    : 'balanceLeaderSchedulerConfig';
  if (typeof batch === 'string') {
    return message(
      500,
      `json: cannot unmarshal string into Go struct field ${struct}.batch of type int`,
    );
  }
  if (typeof batch !== 'number')
    return message(
      400,
      world.profile.isModern ? 'Config item is not found.' : 'config item not found',
    );
  if (batch < 1 || batch > 10 || !Number.isInteger(batch)) {
    return message(400, 'invalid batch size which should be an integer between 1 and 10');
  }
  const isSame = batch === world.schedulers.balanceLeaderBatch;
  world.schedulers.balanceLeaderBatch = batch;
  if (isSame)
    return message(
      200,
      world.profile.isModern ? 'Config is the same with origin, so do nothing.' : 'no changed',
    );
  return message(200, world.profile.isModern ? 'Config is updated.' : 'success');
}

function other(world: World, request: RouteRequest): Reply {
  if (!isClusterRunning(world, request)) return message(406, NOT_BOOTSTRAPPED);
  const [name = '', ...rest] = (request.params['rest'] ?? '').split('/');
  if (!world.schedulers.has(name)) return NOT_FOUND;
  if (rest.length === 0) return { status: 301, headers: { Location: `/${name}/` }, body: '' };
  if (name === 'balance-region-scheduler')
    return {
      ...text(200, 'not implements'),
      headers: { 'Content-Type': 'text/plain; charset=utf-8' },
    };
  if (name === 'shuffle-region-scheduler' && rest[0] === 'roles')
    return json(200, ['leader', 'follower', 'learner']);
  if (name === 'balance-hot-region-scheduler' && rest[0] === 'list')
    return json(200, HOT_REGION_CONFIG[world.profile.version]);
  return NOT_FOUND;
}

const BASE = '/pd/api/v1/scheduler-config';

function storeListRoutes(name: StoreListScheduler): Route[] {
  return [
    {
      method: 'GET',
      path: `${BASE}/${name}/list`,
      scope: 'own',
      handler: configOf(name, listStores(name)),
    },
    {
      method: 'POST',
      path: `${BASE}/${name}/config`,
      scope: 'own',
      handler: configOf(name, changeStores(name)),
    },
    {
      method: 'DELETE',
      path: `${BASE}/${name}/delete/:id`,
      scope: 'own',
      handler: configOf(name, deleteStore(name)),
    },
  ];
}

export const SCHEDULER_CONFIG_ROUTES: readonly Route[] = [
  ...storeListRoutes(EVICT_LEADER),
  ...storeListRoutes(GRANT_LEADER),
  {
    method: 'GET',
    path: `${BASE}/${BALANCE_LEADER}/list`,
    scope: 'own',
    handler: configOf(BALANCE_LEADER, getBalanceLeader),
  },
  {
    method: 'POST',
    path: `${BASE}/${BALANCE_LEADER}/config`,
    scope: 'own',
    handler: configOf(BALANCE_LEADER, setBalanceLeader),
  },
  { method: 'GET', path: BASE, scope: 'own', handler: other },
  { method: 'GET', path: `${BASE}/*rest`, scope: 'own', handler: other },
  { method: 'POST', path: `${BASE}/*rest`, scope: 'own', handler: other },
  { method: 'DELETE', path: `${BASE}/*rest`, scope: 'own', handler: other },
];
