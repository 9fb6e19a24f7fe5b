import type { ProfileVersion } from '../world/cluster/profile.ts';
import { NOT_FOUND, type Reply, empty } from '../http/reply.ts';
import type { Query, Route } from '../http/route.ts';

export interface Match {
  readonly route: Route;
  readonly params: Readonly<Record<string, string>>;
}

interface Compiled {
  readonly route: Route;
  readonly pattern: RegExp;
  readonly names: readonly string[];
}

/** Finds a request's route: 404 for an unknown path, 405 without body for a known one with another method. */
export class Router {
  readonly #compiled: readonly Compiled[];

  constructor(routes: readonly Route[], version: ProfileVersion) {
    this.#compiled = routes
      .filter((route) => route.only === undefined || route.only === version)
      .map(compile);
  }

  match(method: string, path: string, query: Query): Match | Reply {
    const known = this.#compiled.filter(({ pattern }) => pattern.test(path));
    if (known.length === 0) return NOT_FOUND;
    if (method === 'OPTIONS') return empty(200);
    const fitting = known.find(({ route }) => route.method === method);
    if (fitting === undefined) return empty(405);
    if (fitting.route.requires?.some((name) => !query.has(name)) === true) return NOT_FOUND;
    const values = fitting.pattern.exec(path)?.slice(1) ?? [];
    const params = fitting.names.map(
      (name, index) => [name, decodeSegment(values[index] ?? '')] as const,
    );
    return { route: fitting.route, params: Object.fromEntries(params) };
  }
}

function compile(route: Route): Compiled {
  const names = [...route.path.matchAll(/[:*](\w+)/g)].map((found) => found[1] ?? '');
  const source = route.path
    .replaceAll('.', String.raw`\.`)
    .replaceAll(/:\w+/g, '([^/]+)')
    .replaceAll(/\*\w+/g, '(.*)');
  return { route, pattern: new RegExp(`^${source}$`), names };
}

/** Percent-decoding to bytes, one character a byte; what is no escape stays as it is. */
function decodeSegment(text: string): string {
  return text.replaceAll(/%([0-9a-fA-F]{2})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
}

export function parseQuery(search: string): Query {
  const entries = search.split('&').flatMap((part) => {
    if (part === '') return [];
    const [name = '', ...rest] = part.split('=');
    return [[decodePlus(name), decodePlus(rest.join('='))] as const];
  });
  const all = (name: string): string[] =>
    entries.filter(([key]) => key === name).map(([, value]) => value);
  return { all, get: (name) => all(name)[0], has: (name) => entries.some(([key]) => key === name) };
}

function decodePlus(text: string): string {
  return decodeSegment(text.replaceAll('+', ' '));
}
