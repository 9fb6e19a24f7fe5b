import type { Member } from '../world/cluster/leadership.ts';
import { codedText } from '../world/cluster/profile.ts';
import { PdRefusal } from '../world/cluster/refusal.ts';
import type { World } from '../world/world.ts';
import { redirectToCleanPath } from './clean-path.ts';
import { NOT_BOOTSTRAPPED } from '../http/not-bootstrapped.ts';
import { type Reply, message, panic, plainError } from '../http/reply.ts';
import { isClusterRunning } from '../http/route.ts';
import type { Query, Route, RouteRequest } from '../http/route.ts';
import { type Router, parseQuery } from './router.ts';

/** A request as it arrived at one member. */
export interface Arrival {
  readonly method: string;
  /** With query. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly member: Member;
}

/** An answer; `isForwarded` when it came through a follower. */
export type Answer = { readonly reply: Reply; readonly isForwarded: boolean } | 'hang';

/** These describe the answering process itself on a newer PD, leader or not. */
const OWN_ANSWERS: ReadonlySet<string> = new Set([
  '/pd/api/v1/status',
  '/pd/api/v1/health',
  '/pd/api/v1/ping',
  '/pd/api/v1/version',
  '/pd/api/v1/config',
]);

/** Answers a request as the member would: itself, through the leader, or with why neither is possible. */
export function dispatch(world: World, router: Router, arrival: Arrival): Answer {
  const [path, search] = splitOnce(arrival.url);
  const query = parseQuery(search);
  if (!path.startsWith('/pd'))
    return own(route(world, router, { arrival, path, search, query, isLeader: false }));
  if (arrival.member.state === 'starting' || world.leadership.isJoining)
    return own(notStarted(world));
  const isLeader = world.leadership.leader === arrival.member;
  const answersItself =
    arrival.headers['pd-allow-follower-handle'] !== undefined &&
    arrival.headers['pd-allow-follower-handle'] !== '';
  if (isLeader || answersItself || (world.profile.isModern && OWN_ANSWERS.has(path))) {
    return own(route(world, router, { arrival, path, search, query, isLeader }));
  }
  const obstacle = redirectObstacle(world, arrival);
  if (obstacle !== undefined) return own(obstacle);
  const reply = route(world, router, { arrival, path, search, query, isLeader: true });
  return reply === 'hang' ? 'hang' : { reply, isForwarded: true };
}

function own(reply: Reply | 'hang'): Answer {
  return reply === 'hang' ? 'hang' : { reply, isForwarded: false };
}

function splitOnce(url: string): readonly [string, string] {
  const mark = url.indexOf('?');
  return mark < 0 ? [url, ''] : [url.slice(0, mark), url.slice(mark + 1)];
}

function notStarted(world: World): Reply {
  if (world.profile.isModern)
    return plainError(500, '[PD:server:ErrServerNotStarted]server not started');
  return world.leadership.members.length > 1
    ? plainError(500, 'redirect to not leader')
    : plainError(503, 'no leader');
}

function redirectObstacle(world: World, arrival: Arrival): Reply | undefined {
  const { profile, leadership } = world;
  if (arrival.headers['pd-redirector'] !== undefined) {
    return plainError(
      500,
      codedText(profile, 'apiutil:ErrRedirectToNotLeader', 'redirect to not leader'),
    );
  }
  if (leadership.leader !== undefined) return undefined;
  if (leadership.named !== undefined)
    return plainError(500, codedText(profile, 'apiutil:ErrRedirect', 'redirect failed'));
  return plainError(
    503,
    profile.isModern ? '[PD:apiutil:ErrRedirectNoLeader]redirect finds no leader' : 'no leader',
  );
}

interface Local {
  readonly arrival: Arrival;
  readonly path: string;
  readonly search: string;
  readonly query: Query;
  readonly isLeader: boolean;
}

function route(world: World, router: Router, local: Local): Reply | 'hang' {
  const redirect = redirectToCleanPath(world.profile, local.path, local.search);
  if (redirect !== undefined) return redirect;
  const match = router.match(local.arrival.method, local.path, local.query);
  if ('status' in match) return match;
  const member = local.isLeader
    ? (world.leadership.leader ?? local.arrival.member)
    : local.arrival.member;
  const request: RouteRequest = {
    method: local.arrival.method,
    params: match.params,
    query: local.query,
    body: local.arrival.body,
    headers: local.arrival.headers,
    member,
    isLeader: local.isLeader,
  };
  if (!mayHandle(world, match.route, request)) return message(500, NOT_BOOTSTRAPPED);
  return handle(world, match.route, request);
}

function mayHandle(world: World, matched: Route, request: RouteRequest): boolean {
  if (matched.scope === 'local' || matched.scope === 'own' || isClusterRunning(world, request))
    return true;
  return matched.scope === 'regions' && world.profile.isModern && world.settings.bootstrapped;
}

function handle(world: World, matched: Route, request: RouteRequest): Reply | 'hang' {
  try {
    return matched.handler(world, request);
  } catch (error) {
    if (error instanceof PdRefusal) return message(error.status, error.message);
    // A mistake in the simulator must not end the process that tests with it.
    return panic(
      `simulator: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
    );
  }
}
