import { NOT_BOOTSTRAPPED } from '../http/not-bootstrapped.ts';
import { type Reply, json, message } from '../http/reply.ts';
import { isClusterRunning } from '../http/route.ts';
import type { Route, RouteRequest } from '../http/route.ts';
import type { World } from '../world/world.ts';
import { readDelay } from './schedulers.ts';

const CHECKERS: ReadonlySet<string> = new Set([
  'learner',
  'replica',
  'rule',
  'split',
  'merge',
  'joint-state',
]);

function checkerName(world: World, request: RouteRequest): string | undefined {
  const name = request.params['name'] ?? '';
  return CHECKERS.has(name) || (world.profile.isModern && name === 'affinity') ? name : undefined;
}

const UNKNOWN = message(500, '[PD:checker:ErrCheckerNotFound]checker not found');

function getChecker(world: World, request: RouteRequest): Reply {
  if (!isClusterRunning(world, request)) return message(500, NOT_BOOTSTRAPPED);
  const name = checkerName(world, request);
  return name === undefined
    ? UNKNOWN
    : json(200, { paused: (world.checkerPauses.get(name) ?? 0) > world.clock.now() });
}

function pauseChecker(world: World, request: RouteRequest): Reply {
  if (!isClusterRunning(world, request)) return message(500, NOT_BOOTSTRAPPED);
  const delay = readDelay(request.body);
  if (typeof delay !== 'number') return delay;
  if (delay < 0) return message(400, 'delay cannot be negative');
  const name = checkerName(world, request);
  if (name === undefined) return UNKNOWN;
  world.checkerPauses.set(name, world.clock.now() + delay * 1000);
  return message(200, `${delay > 0 ? 'Pause' : 'Resume'} the checker successfully.`);
}

export const CHECKER_ROUTES: readonly Route[] = [
  { method: 'GET', path: '/pd/api/v1/checker/:name', scope: 'own', handler: getChecker },
  { method: 'POST', path: '/pd/api/v1/checker/:name', scope: 'own', handler: pauseChecker },
];
