import { parseId, parseInteger, readObject } from '../http/body.ts';
import { NOT_BOOTSTRAPPED } from '../http/not-bootstrapped.ts';
import { NIL_POINTER, type Reply, json, message, panic } from '../http/reply.ts';
import { isClusterRunning } from '../http/route.ts';
import type { Handler, Route, RouteRequest } from '../http/route.ts';
import { codedText } from '../world/cluster/profile.ts';
import { shuffled } from '../world/cluster/random.ts';
import type { OperatorRefusal, World } from '../world/world.ts';
import {
  OPERATOR_STATUSES,
  type Operator,
  operatorText,
  recordText,
  statusText,
} from '../world/operators/operator.ts';
import type { JsonValue } from '../text/json-value.ts';
import { goSeconds } from '../text/go-time.ts';
import { ADMIN_OPERATORS } from './operator-requests.ts';

/** Start of the PD leader's process: Go prints clock readings relative to it. */
export function processStart(world: World): bigint {
  return BigInt(world.leadership.leader?.startedAt ?? world.clock.startedAt) * 1_000_000n;
}

function running(handler: Handler): Handler {
  return (world, request) =>
    isClusterRunning(world, request) ? handler(world, request) : message(500, NOT_BOOTSTRAPPED);
}

function notFound(world: World): Reply {
  return message(
    500,
    codedText(world.profile, 'operator:ErrOperatorNotFound', 'operator not found'),
  );
}

const LISTED_KINDS = ['admin', 'leader', 'region'] as const;

function listOperators(world: World, request: RouteRequest): Reply {
  const kinds = request.query.all('kind');
  const found =
    kinds.length === 0
      ? world.operators.allRunning()
      : kinds.flatMap((kind) => ofKind(world, kind));
  const shown = shuffled(world.random, [...new Set(found)]);
  if (world.profile.isModern && request.query.has('object'))
    return json(
      200,
      shown.map((operator) => objectForm(world, operator)),
    );
  if (shown.length === 0) return json(200, kinds.length === 0 ? [] : null);
  return json(
    200,
    shown.map((operator) => operatorText(operator, world.profile, processStart(world))),
  );
}

function ofKind(world: World, name: string): Operator[] {
  const kind = LISTED_KINDS.find((known) => known === name);
  return kind === undefined
    ? []
    : world.operators.allRunning().filter((operator) => operator.kinds.includes(kind));
}

function objectForm(world: World, operator: Operator): JsonValue {
  return {
    desc: operator.description,
    brief: operator.brief,
    region_id: operator.regionId,
    region_epoch: { conf_ver: operator.confVer, version: operator.version },
    kind: operator.kinds.reduce((bits, kind) => bits | (world.profile.kindBits[kind] ?? 0), 0),
    timeout: goSeconds(operator.timeoutSeconds),
    status: Math.max(0, OPERATOR_STATUSES.indexOf(operator.status)),
  };
}

function getOperator(world: World, request: RouteRequest): Reply {
  const parsed = parseId(request.params['id'] ?? '');
  if (!parsed.ok) return message(400, parsed.problem);
  const operator = world.operators.find(parsed.id);
  return operator === undefined
    ? notFound(world)
    : message(200, statusText(operator, world.profile, processStart(world)));
}

function getRecords(world: World, request: RouteRequest): Reply {
  const from = request.query.get('from') ?? '';
  const parsed = parseInteger(from === '' ? '0' : from);
  if (!parsed.ok) return message(400, parsed.problem.replace('Atoi', 'ParseInt'));
  const records = shuffled(world.random, world.operators.records(parsed.value * 1000));
  if (records.length === 0) return notFound(world);
  return json(
    200,
    records.map((operator) => recordText(operator, world.profile, processStart(world))),
  );
}

function cancelOperator(world: World, request: RouteRequest): Reply {
  const parsed = parseId(request.params['id'] ?? '');
  if (!parsed.ok) return message(400, parsed.problem);
  return world.operators.cancel(parsed.id)
    ? message(200, 'The pending operator is canceled.')
    : notFound(world);
}

function cancelAll(world: World): Reply {
  for (const operator of world.operators.allRunning()) world.operators.cancel(operator.regionId);
  return message(200, 'All pending operators are canceled.');
}

/** A refusal that a fault has ordered for this operator. */
function takeRefusal(
  world: World,
  name: string,
  regionId: JsonValue | undefined,
): OperatorRefusal | undefined {
  const { refusals } = world.faults;
  const found = refusals.find(
    (each) => (each.name ?? name) === name && (each.regionId ?? regionId) === regionId,
  );
  if (found === undefined) return undefined;
  found.times -= 1;
  if (found.times <= 0) refusals.splice(refusals.indexOf(found), 1);
  return found;
}

function createOperator(world: World, request: RouteRequest): Reply {
  const read = readObject(request.body);
  if (!read.ok) return read.reply;
  const name = read.value['name'];
  if (typeof name !== 'string') return message(400, 'missing operator name');
  const parse = ADMIN_OPERATORS[name];
  if (parse === undefined) return message(400, 'unknown operator');
  const command = parse(read.value);
  const refusal = takeRefusal(world, name, read.value['region_id']);
  if (refusal !== undefined) return message(refusal.status, refusal.text);
  if (!isClusterRunning(world, request)) {
    return world.profile.isModern ? panic(NIL_POINTER) : message(500, NOT_BOOTSTRAPPED);
  }
  return command(world) ?? message(200, 'The operator is created.');
}

export const OPERATOR_ROUTES: readonly Route[] = [
  { method: 'GET', path: '/pd/api/v1/operators', scope: 'own', handler: running(listOperators) },
  { method: 'POST', path: '/pd/api/v1/operators', scope: 'own', handler: createOperator },
  {
    method: 'DELETE',
    path: '/pd/api/v1/operators',
    scope: 'own',
    handler: running(cancelAll),
    only: '8.5',
  },
  {
    method: 'GET',
    path: '/pd/api/v1/operators/records',
    scope: 'own',
    handler: running(getRecords),
  },
  { method: 'GET', path: '/pd/api/v1/operators/:id', scope: 'own', handler: running(getOperator) },
  {
    method: 'DELETE',
    path: '/pd/api/v1/operators/:id',
    scope: 'own',
    handler: running(cancelOperator),
  },
];
