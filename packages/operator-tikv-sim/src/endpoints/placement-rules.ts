import { parseId, readObject } from '../http/body.ts';
import { type Reply, inputError, json, message } from '../http/reply.ts';
import type { Handler, Route, RouteRequest } from '../http/route.ts';
import { codedText } from '../world/cluster/profile.ts';
import { PdRefusal } from '../world/cluster/refusal.ts';
import type { Region } from '../world/cluster/region.ts';
import type { World } from '../world/world.ts';
import { fitOf } from '../world/placement-of.ts';
import { fitJson, readRule, ruleJson } from '../world/placement/rule-json.ts';
import type { Rule } from '../world/placement/rule.ts';
import { decodeGoJson } from '../text/go-json.ts';
import { textOf, type JsonObject, type JsonValue } from '../text/json-value.ts';

/** A handler that PD refuses with 412 while placement rules are off. */
function withRules(handler: (world: World, request: RouteRequest) => Reply): Handler {
  return (world, request) => {
    if (world.placement.isEnabled()) return handler(world, request);
    const words = 'placement rules feature is disabled';
    return message(412, codedText(world.profile, 'placement:ErrPlacementDisabled', words));
  };
}

function getBundles(world: World): Reply {
  const rules = world.placement.all();
  const ids = [...new Set(rules.map((rule) => rule.groupId))];
  return json(
    200,
    ids.map((id): JsonObject => {
      const group = world.placement.group(id);
      return {
        group_id: id,
        group_index: group.index,
        group_override: group.override,
        rules: rules.filter((rule) => rule.groupId === id).map(ruleJson),
      };
    }),
  );
}

function getOfRegion(show: (world: World, region: Region) => JsonValue): Handler {
  return withRules((world, request) => {
    const parsed = parseId(request.params['id'] ?? '');
    if (!parsed.ok) return message(400, invalidRegion(world));
    const region = world.topology.regions.get(parsed.id);
    if (region !== undefined) return json(200, show(world, region));
    const words = `region ${parsed.id} not found`;
    return message(404, codedText(world.profile, 'region:ErrRegionNotFound', words));
  });
}

function invalidRegion(world: World): string {
  return world.profile.isModern
    ? '[PD:region:ErrRegionInvalidID]invalid region id'
    : 'invalid region id';
}

function setRule(world: World, request: RouteRequest): Reply {
  const read = readObject(request.body, 'object', 'placement.Rule');
  if (!read.ok) return read.reply;
  apply(world, [readRule(read.value)]);
  return message(200, 'Update rule successfully.');
}

function setRules(world: World, request: RouteRequest): Reply {
  const decoded = decodeGoJson(request.body);
  if (!decoded.ok) return inputError(decoded.message, { Offset: decoded.offset });
  const list: readonly JsonValue[] = Array.isArray(decoded.value) ? decoded.value : [];
  apply(world, list.map(readRule));
  return message(200, 'Update rules successfully.');
}

/** The count of the default rule is also the number of replicas. */
function apply(world: World, rules: readonly Rule[]): void {
  world.placement.set(rules);
  for (const { groupId, id, count } of rules) {
    if (groupId === 'pd' && id === 'default') world.config.replication.set('max-replicas', count);
  }
  checkAll(world);
}

function getRule(world: World, { params }: RouteRequest): Reply {
  const rule = world.placement.rule(params['group'] ?? '', params['id'] ?? '');
  if (rule !== undefined) return json(200, ruleJson(rule));
  return message(404, codedText(world.profile, 'placement:ErrRuleNotFound', 'rule not found'));
}

function deleteRule(world: World, { params }: RouteRequest): Reply {
  world.placement.delete(params['group'] ?? '', params['id'] ?? '');
  checkAll(world);
  return message(200, 'Delete rule successfully.');
}

function setGroup(world: World, request: RouteRequest): Reply {
  const read = readObject(request.body, 'object', 'placement.RuleGroup');
  if (!read.ok) return read.reply;
  const { id, index, override } = read.value;
  world.placement.setGroup(textOf(id), {
    index: typeof index === 'number' ? index : 0,
    override: override === true,
  });
  checkAll(world);
  return message(200, 'Update rule group successfully.');
}

/** PD's patrol checks every region in turn. */
function checkAll(world: World): void {
  world.checker.noticeAll(world.topology.regions.all().map(({ id }) => id));
}

function getProperties(world: World): Reply {
  return json(200, propertiesJson(world));
}

/** The properties that labels give to stores, as the configuration writes them. */
export function propertiesJson(world: World): JsonObject {
  const entries = [...world.placement.properties()].map(
    ([type, labels]) => [type, labels.map(({ key, value }) => ({ key, value }))] as const,
  );
  return Object.fromEntries(entries);
}

function setProperty(world: World, request: RouteRequest): Reply {
  const read = readObject(request.body, 'object', 'map[string]string');
  if (!read.ok) return read.reply;
  const text = (key: string): string => textOf(read.value[key]);
  const label = { key: text('label-key'), value: text('label-value') };
  if (text('action') === 'set') world.placement.setProperty(text('type'), label);
  else if (text('action') === 'delete') world.placement.deleteProperty(text('type'), label);
  else throw new PdRefusal(500, `unknown action ${text('action')}`);
  return message(200, 'The config is updated.');
}

function route(method: Route['method'], path: string, handler: Handler): Route {
  return { method, path: `/pd/api/v1/config/${path}`, scope: 'cluster', handler };
}

export const PLACEMENT_ROUTES: readonly Route[] = [
  route(
    'GET',
    'rules',
    withRules((world) => json(200, world.placement.all().map(ruleJson))),
  ),
  route('POST', 'rules', withRules(setRules)),
  route(
    'GET',
    'rules/region/:id',
    getOfRegion((world, region) => world.placement.rulesFor(region).map(ruleJson)),
  ),
  route(
    'GET',
    'rules/region/:id/detail',
    getOfRegion((world, region) => fitJson(fitOf(world, region), world.profile.isModern)),
  ),
  route('GET', 'rule/:group/:id', withRules(getRule)),
  route('POST', 'rule', withRules(setRule)),
  route('DELETE', 'rule/:group/:id', withRules(deleteRule)),
  route('POST', 'rule_group', withRules(setGroup)),
  route('GET', 'placement-rule', withRules(getBundles)),
  { ...route('GET', 'label-property', getProperties), scope: 'local' },
  { ...route('POST', 'label-property', setProperty), scope: 'local' },
];
