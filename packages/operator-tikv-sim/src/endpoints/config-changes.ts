import { parseInteger, readObject, typeErrorData } from '../http/body.ts';
import { type Reply, inputError, internalError, message } from '../http/reply.ts';
import type { Route, RouteRequest } from '../http/route.ts';
import { type ConfigSection, HALT_SCHEDULING } from '../world/cluster/config.ts';
import {
  type ValueProblem,
  decodeValue,
  deprecationProblem,
  replicationProblem,
  scheduleProblem,
} from '../world/cluster/config-values.ts';
import type { World } from '../world/world.ts';
import { type JsonObject, type JsonValue, isJsonObject } from '../text/json-value.ts';

interface Section {
  readonly name: string;
  readonly struct: string;
  values(world: World): ConfigSection;
  problem(values: ReadonlyMap<string, JsonValue>): string | undefined;
}

const SCHEDULE: Section = {
  name: 'schedule',
  struct: 'ScheduleConfig',
  values: (world) => world.config.schedule,
  problem: scheduleProblem,
};
const REPLICATION: Section = {
  name: 'replication',
  struct: 'ReplicationConfig',
  values: (world) => world.config.replication,
  problem: replicationProblem,
};
const PD_SERVER: Section = {
  name: 'pd-server',
  struct: 'PDServerConfig',
  values: (world) => world.config.pdServer,
  problem: () => undefined,
};
const SECTIONS = [SCHEDULE, REPLICATION, PD_SERVER];
/** Prefixes that PD knows and the model accepts without effect. */
const OTHER_PREFIXES: ReadonlySet<string> = new Set([
  'log',
  'replication-mode',
  'keyspace',
  'micro-service',
  'controller',
  'cluster-version',
  'label-property',
]);
const UPDATED = 'The config is updated.';

/** The whole-section routes: partial objects, taken as one, unknown keys ignored. */
function mergeInto(section: Section, syntax: 'plain' | 'object') {
  return (world: World, request: RouteRequest): Reply => {
    const read = readObject(request.body, syntax);
    if (!read.ok) return read.reply;
    const overridden = Object.keys(read.value).find(
      (key) => section === SCHEDULE && world.config.hasOverride(key),
    );
    if (overridden !== undefined)
      return message(400, `need to clean up TTL first for schedule.${overridden}`);
    const merged = new Map(section.values(world));
    for (const [key, given] of Object.entries(read.value)) {
      const deprecated = deprecationProblem(key);
      if (deprecated !== undefined) return message(500, deprecated);
      const present = presentValue(section, merged, key);
      if (given === undefined || present === undefined) continue;
      const decoded = decodeValue({ key, present, struct: section.struct }, given);
      if (!decoded.ok) return sectionProblem(section, key, decoded.problem);
      merged.set(key, decoded.value);
    }
    const problem = section.problem(merged) ?? ruleProblem(world, section, merged);
    if (problem !== undefined) return message(500, problem);
    apply(section.values(world), merged);
    return message(200, UPDATED);
  };
}

function sectionProblem(section: Section, key: string, problem: ValueProblem): Reply {
  if (problem.source === 'value') return internalError(problem.text);
  return inputError(
    problem.text,
    typeErrorData(problem.kind ?? '', { struct: section.struct, field: key }),
  );
}

const BY_RULES = ['max-replicas', 'location-labels', 'isolation-level'];

/** Beside rules of an administrator the replication section does not decide where replicas are. */
function ruleProblem(
  world: World,
  section: Section,
  merged: ReadonlyMap<string, JsonValue>,
): string | undefined {
  if (section !== REPLICATION || !world.placement.isEnabled() || !world.placement.hasOwnRules())
    return undefined;
  const isChanged = BY_RULES.some((key) => merged.get(key) !== section.values(world).get(key));
  return isChanged
    ? 'cannot update MaxReplicas, LocationLabels or IsolationLevel when placement rules feature is enabled and not only default rule exists, please update rule instead'
    : undefined;
}

function apply(target: ConfigSection, merged: ReadonlyMap<string, JsonValue>): void {
  for (const [key, value] of merged) target.set(key, value);
  if (target.get(HALT_SCHEDULING) === 'false') target.delete(HALT_SCHEDULING);
}

function presentValue(
  section: Section,
  values: ReadonlyMap<string, JsonValue>,
  key: string,
): JsonValue | undefined {
  return section === SCHEDULE && key === HALT_SCHEDULING
    ? (values.get(key) ?? 'false')
    : values.get(key);
}

/** `POST /config`: single items, dotted or not, one after another; what went before a mistake stays changed. */
function changeItems(world: World, request: RouteRequest): Reply {
  const read = readObject(request.body, 'plain');
  if (!read.ok) return read.reply;
  const ttl = request.query.get('ttlSecond');
  if (ttl !== undefined && ttl !== '') return overrideItems(world, read.value, ttl);
  for (const [item, given] of Object.entries(read.value)) {
    const problem = given === undefined ? undefined : changeItem(world, item, given);
    if (problem !== undefined) return message(400, problem);
  }
  return message(200, UPDATED);
}

function changeItem(world: World, item: string, given: JsonValue): string | undefined {
  const [prefix, key] = splitItem(item);
  if (prefix === 'log') return key === 'level' ? undefined : 'only support changing log level';
  const section = SECTIONS.find((each) =>
    prefix === undefined ? each.values(world).has(key) : each.name === prefix,
  );
  if (section === undefined) return unknownItem(prefix, item);
  if (!section.values(world).has(key))
    return deprecationProblem(key) ?? `config item ${key} not found`;
  if (section === SCHEDULE && world.config.hasOverride(key))
    return `need to clean up TTL first for schedule.${key}`;
  const decoded = decodeValue(
    { key, present: section.values(world).get(key), struct: section.struct },
    given,
  );
  if (!decoded.ok) return decoded.problem.text;
  const merged = new Map(section.values(world)).set(key, decoded.value);
  const problem = section.problem(merged);
  if (problem === undefined) section.values(world).set(key, decoded.value);
  return problem;
}

function splitItem(item: string): readonly [string | undefined, string] {
  const dot = item.indexOf('.');
  return dot < 0 ? [undefined, item] : [item.slice(0, dot), item.slice(dot + 1)];
}

function unknownItem(prefix: string | undefined, item: string): string | undefined {
  if (OTHER_PREFIXES.has(prefix ?? item)) return undefined;
  return prefix === undefined
    ? (deprecationProblem(item) ?? `config item ${item} not found`)
    : `config prefix ${prefix} not found`;
}

const OVERRIDABLE =
  /^(?:schedule\.)?(?:(?:leader|region|replica|merge|hot-region)-schedule-limit|max-snapshot-count|max-pending-peer-count|enable-.*|max-merge-.*|patrol-region-interval|default-(?:add|remove)-peer|scheduler-max-waiting-operator)$/;

function overrideItems(world: World, items: JsonObject, ttl: string): Reply {
  const parsed = parseInteger(ttl);
  if (!parsed.ok) return message(400, parsed.problem);
  const unsupported = Object.keys(items).find((item) => !OVERRIDABLE.test(item));
  if (unsupported !== undefined) return message(400, `unsupported ttl config ${unsupported}`);
  for (const [item, value] of Object.entries(items))
    world.config.override(splitItem(item)[1], value ?? null, parsed.value);
  if (!world.profile.isModern) return message(200, UPDATED);
  return message(
    200,
    parsed.value > 0 ? 'The ttl config is updated.' : 'The ttl config is deleted.',
  );
}

function setClusterVersion(_world: World, request: RouteRequest): Reply {
  const read = readObject(request.body);
  if (!read.ok) return read.reply;
  const version = isJsonObject(read.value) ? read.value['cluster-version'] : undefined;
  if (typeof version !== 'string') return inputError('not set cluster-version');
  if (!/^\d+\.\d+\.\d+(?:[-+].*)?$/.test(version)) {
    const problem = `${version} is not in dotted-tri format`;
    return internalError(`[PD:semver:ErrSemverNewVersion]${problem}: ${problem}`);
  }
  return message(200, 'The cluster version is updated.');
}

export const CONFIG_CHANGE_ROUTES: readonly Route[] = [
  { method: 'POST', path: '/pd/api/v1/config', scope: 'local', handler: changeItems },
  {
    method: 'POST',
    path: '/pd/api/v1/config/schedule',
    scope: 'local',
    handler: mergeInto(SCHEDULE, 'plain'),
  },
  {
    method: 'POST',
    path: '/pd/api/v1/config/replicate',
    scope: 'local',
    handler: mergeInto(REPLICATION, 'object'),
  },
  {
    method: 'POST',
    path: '/pd/api/v1/config/cluster-version',
    scope: 'local',
    handler: setClusterVersion,
  },
];
