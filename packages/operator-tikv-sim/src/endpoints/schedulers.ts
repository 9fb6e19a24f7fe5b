import { kindOf, readObject, typeErrorData } from '../http/body.ts';
import { NOT_BOOTSTRAPPED } from '../http/not-bootstrapped.ts';
import { type Reply, inputError, json, message } from '../http/reply.ts';
import { isClusterRunning } from '../http/route.ts';
import type { Handler, Route, RouteRequest } from '../http/route.ts';
import { shuffled } from '../world/cluster/random.ts';
import { PdRefusal } from '../world/cluster/refusal.ts';
import type { World } from '../world/world.ts';
import {
  type StoreListScheduler,
  SCHEDULER_TYPES,
  isStoreListScheduler,
} from '../world/schedulers/scheduler-names.ts';
import { encodeString, type JsonObject, type JsonValue } from '../text/json-value.ts';
import { rfc3339 } from '../text/go-time.ts';
import { requireKnownStore, removeListedStore } from './scheduler-stores.ts';

const SCHEDULER_NOT_FOUND = '[PD:scheduler:ErrSchedulerNotFound]scheduler not found';

function running(handler: Handler): Handler {
  return (world, request) =>
    isClusterRunning(world, request) ? handler(world, request) : message(500, NOT_BOOTSTRAPPED);
}

function listSchedulers(world: World, request: RouteRequest): Reply {
  const names = shuffled(world.random, world.schedulers.names());
  const status = request.query.get('status');
  if (status === 'disabled') return json(200, orNull(world, world.schedulers.disabled()));
  if (status !== 'paused') return json(200, names);
  const paused = names.flatMap((name) => {
    const pause = world.schedulers.pauseOf(name);
    return pause === undefined ? [] : [{ name, pause }];
  });
  if (!request.query.has('timestamp'))
    return json(
      200,
      orNull(
        world,
        paused.map(({ name }) => name),
      ),
    );
  return json(
    200,
    paused.map(({ name, pause }) => ({
      name,
      paused_at: seconds(pause.at),
      resume_at: seconds(pause.until),
    })),
  );
}

/** The older release answers `null` for an empty list. */
function orNull(world: World, names: readonly string[]): JsonValue {
  return names.length === 0 && !world.profile.isModern ? null : names;
}

function seconds(time: number): string {
  return rfc3339(BigInt(Math.floor(time / 1000)) * 1_000_000_000n);
}

function createScheduler(world: World, request: RouteRequest): Reply {
  const read = readObject(request.body);
  if (!read.ok) return read.reply;
  const name = read.value['name'];
  if (typeof name !== 'string') return message(400, 'missing scheduler name');
  if (SCHEDULER_TYPES[name] === undefined) return message(400, 'unknown scheduler');
  if (isStoreListScheduler(name)) return listStore(world, name, read.value);
  const missing = missingOption(name, read.value);
  if (missing !== undefined)
    return message(500, `[PD:apiutil:ErrOptionNotExist]the option ${missing} does not exist`);
  if (
    name === 'grant-hot-region-scheduler' &&
    world.profile.isModern &&
    world.schedulers.has('balance-hot-region-scheduler')
  ) {
    return message(400, 'balance-hot-region-scheduler is running, please remove it first');
  }
  world.schedulers.add(runningName(world, name, read.value));
  return message(200, 'The scheduler is created.');
}

/** A scatter-range scheduler bears the name of its range. */
function runningName(world: World, name: string, body: JsonObject): string {
  const range = body['range_name'];
  if (name !== 'scatter-range' || typeof range !== 'string') return name;
  return `${world.profile.isModern ? 'scatter-range-scheduler' : 'scatter-range'}-${range}`;
}

function missingOption(name: string, body: JsonObject): string | undefined {
  if (name !== 'scatter-range') return undefined;
  return ['start_key', 'end_key', 'range_name'].find((option) => typeof body[option] !== 'string');
}

/** The first store creates the scheduler; further ones go the way of its own configuration, whose errors come encoded twice. */
function listStore(world: World, name: StoreListScheduler, body: JsonObject): Reply {
  const storeId = body['store_id'];
  if (typeof storeId !== 'number') return message(400, 'missing store id');
  const existed = world.schedulers.has(name);
  try {
    requireKnownStore(world, storeId);
    const outcome = world.schedulers.addStore(name, storeId);
    return message(
      200,
      outcome === 'created'
        ? 'The scheduler is created.'
        : 'The scheduler has been applied to the store.',
    );
  } catch (error) {
    if (existed && error instanceof PdRefusal)
      throw new PdRefusal(error.status, `${encodeString(error.message)}\n`);
    throw error;
  }
}

function removeScheduler(world: World, request: RouteRequest): Reply {
  const name = request.params['name'] ?? '';
  const virtual = /^(evict-leader-scheduler|grant-leader-scheduler)-(.+)$/.exec(name);
  const listed = virtual?.[1] ?? '';
  if (isStoreListScheduler(listed))
    return { ...json(removeListedStore(world, listed, virtual?.[2] ?? '').status, null) };
  if (!world.schedulers.remove(name)) return message(404, SCHEDULER_NOT_FOUND);
  return message(200, 'The scheduler is removed.');
}

function pauseScheduler(world: World, request: RouteRequest): Reply {
  const delay = readDelay(request.body);
  if (typeof delay !== 'number') return delay;
  world.schedulers.pause(request.params['name'] ?? '', delay);
  return message(200, 'Pause or resume the scheduler successfully.');
}

/** The `delay` of a pause: an integer of seconds. */
export function readDelay(body: string): number | Reply {
  const read = readObject(body);
  if (!read.ok) return read.reply;
  for (const value of Object.values(read.value)) {
    if (typeof value === 'number' && Number.isInteger(value)) continue;
    const kind = typeof value === 'number' ? `number ${value}` : kindOf(value);
    return inputError(
      `json: cannot unmarshal ${kind} into Go value of type int64`,
      typeErrorData(kind),
    );
  }
  const delay = read.value['delay'];
  return typeof delay === 'number' ? delay : message(400, 'missing pause time');
}

const UNDIAGNOSED = '[PD:diagnostic:ErrSchedulerUndiagnosable]';

function diagnose(world: World, request: RouteRequest): Reply {
  const name = request.params['name'] ?? '';
  if (!['balance-leader-scheduler', 'balance-region-scheduler'].includes(name)) {
    return message(
      world.profile.isModern ? 500 : 400,
      `${UNDIAGNOSED}${name} hasn't supported diagnostic`,
    );
  }
  if (world.config.scheduleValue('enable-diagnostic') !== 'true') {
    return message(500, '[PD:diagnostic:ErrDiagnosticDisabled]diagnostic is disabled');
  }
  const timestamp = Math.floor(world.clock.now() / 1000);
  if (!world.schedulers.has(name))
    return json(200, { name, status: 'disabled', summary: '', timestamp });
  return json(200, { name, status: 'pending', summary: `${name} reach limit`, timestamp });
}

export const SCHEDULER_ROUTES: readonly Route[] = [
  { method: 'GET', path: '/pd/api/v1/schedulers', scope: 'own', handler: running(listSchedulers) },
  {
    method: 'POST',
    path: '/pd/api/v1/schedulers',
    scope: 'own',
    handler: running(createScheduler),
  },
  {
    method: 'GET',
    path: '/pd/api/v1/schedulers/diagnostic/:name',
    scope: 'own',
    handler: running(diagnose),
  },
  {
    method: 'DELETE',
    path: '/pd/api/v1/schedulers/:name',
    scope: 'own',
    handler: running(removeScheduler),
  },
  {
    method: 'POST',
    path: '/pd/api/v1/schedulers/:name',
    scope: 'own',
    handler: running(pauseScheduler),
  },
];
