import { type Reply, json, message } from '../http/reply.ts';
import type { Route, RouteRequest } from '../http/route.ts';
import type { World } from '../world/world.ts';
import { isStoreListScheduler, schedulerType } from '../world/schedulers/scheduler-names.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../text/json-value.ts';
import { propertiesJson } from './placement-rules.ts';
import { limitsOf } from './store-limits.ts';

/** The schedule section with what the running cluster adds to it: store limits and schedulers. */
export function scheduleJson(world: World, isLeader: boolean): JsonObject {
  const added: Readonly<Record<string, JsonValue>> = {
    'store-limit': isLeader
      ? limitsOf([...world.topology.stores.values()].filter((store) => store.state !== 'Tombstone'))
      : {},
    'schedulers-v2': schedulerList(world),
  };
  const entries = [...world.config.schedule.keys()].map(
    (key) => [key, added[key] ?? world.config.scheduleValue(key) ?? null] as const,
  );
  return Object.fromEntries(entries);
}

function schedulerList(world: World): JsonValue {
  return world.schedulers.persistedNames().map((name) => schedulerItem(world, name));
}

function schedulerItem(world: World, name: string): JsonValue {
  const args = isStoreListScheduler(name)
    ? world.schedulers.persistedStoresOf(name).slice(0, 1).map(String)
    : null;
  return {
    type: schedulerType(name),
    args,
    disable: world.schedulers.isDisabled(name),
    'args-payload': '',
  };
}

/** The older release shows its schedulers' settings here, and only here. */
function payload(world: World): JsonObject {
  return world.profile.isModern ? {} : { 'schedulers-payload': world.config.schedulersPayload };
}

function wholeConfig(world: World, request: RouteRequest): Reply {
  const { member } = request;
  const own: Readonly<Record<string, JsonValue>> = {
    ...urls(member.clientUrl, member.peerUrl),
    name: member.name,
    'data-dir': `data/${member.name}`,
    'initial-cluster': world.leadership.members
      .map((each) => `${each.name}=${each.peerUrl}`)
      .join(','),
    schedule: {
      ...scheduleJson(world, request.isLeader || world.profile.isModern),
      ...payload(world),
    },
    replication: Object.fromEntries(world.config.replication),
    'pd-server': Object.fromEntries(world.config.pdServer),
    'label-property': propertiesJson(world),
  };
  return json(200, inTreeOrder(world, own));
}

function inTreeOrder(world: World, own: Readonly<Record<string, JsonValue>>): JsonObject {
  const entries = Object.entries(world.config.tree).map(
    ([key, value]) => [key, own[key] ?? value] as const,
  );
  return Object.fromEntries(entries);
}

/** Default configuration of PD. */
function defaultConfig(world: World): Reply {
  const name = 'pd-127.0.0.1';
  const { tree } = world.config;
  const log = isJsonObject(tree['log']) ? tree['log'] : {};
  const own: Readonly<Record<string, JsonValue>> = {
    ...urls('http://127.0.0.1:2379', 'http://127.0.0.1:2380'),
    name,
    'data-dir': `default.${name}`,
    'initial-cluster': `${name}=http://127.0.0.1:2380`,
    schedule: {
      ...Object.fromEntries(world.config.schedule),
      'schedulers-v2': world.profile.defaultSchedulers.map((each) => schedulerItem(world, each)),
    },
    log: { ...log, file: withEntry(log['file'], 'filename', '') },
    metric: withEntry(tree['metric'], 'job', name),
  };
  return json(200, { ...inTreeOrder(world, own), 'label-property': null });
}

function withEntry(object: JsonValue | undefined, key: string, value: JsonValue): JsonObject {
  return isJsonObject(object) ? { ...object, [key]: value } : {};
}

function urls(client: string, peer: string): JsonObject {
  return {
    'client-urls': client,
    'peer-urls': peer,
    'advertise-client-urls': client,
    'advertise-peer-urls': peer,
  };
}

function part(name: string): Route {
  return {
    method: 'GET',
    path: `/pd/api/v1/config/${name}`,
    scope: 'local',
    handler: (world) => json(200, world.config.tree[name] ?? null),
  };
}

function getClusterVersion(world: World): Reply {
  return message(200, world.settings.bootstrapped ? world.profile.release : '0.0.0');
}

export const CONFIG_ROUTES: readonly Route[] = [
  { method: 'GET', path: '/pd/api/v1/config', scope: 'local', handler: wholeConfig },
  { method: 'GET', path: '/pd/api/v1/config/default', scope: 'local', handler: defaultConfig },
  {
    method: 'GET',
    path: '/pd/api/v1/config/schedule',
    scope: 'local',
    handler: (world, request) =>
      json(200, scheduleJson(world, request.isLeader && world.settings.bootstrapped)),
  },
  {
    method: 'GET',
    path: '/pd/api/v1/config/replicate',
    scope: 'local',
    handler: (world) => json(200, Object.fromEntries(world.config.replication)),
  },
  {
    method: 'GET',
    path: '/pd/api/v1/config/pd-server',
    scope: 'local',
    handler: (world) => json(200, Object.fromEntries(world.config.pdServer)),
  },
  {
    method: 'GET',
    path: '/pd/api/v1/config/cluster-version',
    scope: 'local',
    handler: getClusterVersion,
  },
  part('replication-mode'),
];
