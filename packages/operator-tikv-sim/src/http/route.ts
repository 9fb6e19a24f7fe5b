import type { World } from '../world/world.ts';
import type { ProfileVersion } from '../world/cluster/profile.ts';
import type { Member } from '../world/cluster/leadership.ts';
import type { Reply } from './reply.ts';

/** A request that found its handler. */
export interface RouteRequest {
  readonly method: string;
  readonly params: Readonly<Record<string, string>>;
  readonly query: Query;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The member whose handler runs, and whether it leads. */
  readonly member: Member;
  readonly isLeader: boolean;
}

/** The query as Go parses it: `+` is a space, values are bytes (one character each). */
export interface Query {
  get(name: string): string | undefined;
  all(name: string): readonly string[];
  has(name: string): boolean;
}

/** `hang`: the handler never answers. */
export type Handler = (world: World, request: RouteRequest) => Reply | 'hang';

/**
 * Behaviour of a handler without a running cluster (before bootstrap, or on a follower that was told to answer itself):
 * `cluster` never works; `regions` works only on a newer follower; `own` decides itself; `local` always works.
 */
export type Scope = 'cluster' | 'regions' | 'own' | 'local';

/** One route, as data. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Path with `:name` for one segment and `*name` for the rest. */
  readonly path: string;
  readonly scope: Scope;
  readonly handler: Handler;
  /** Release that alone has it. */
  readonly only?: ProfileVersion;
  /** Query parameters without which the route does not match. */
  readonly requires?: readonly string[];
}

/** True when the routes that need a running cluster have one here. */
export function isClusterRunning(world: World, request: RouteRequest): boolean {
  return world.settings.bootstrapped && request.isLeader;
}
