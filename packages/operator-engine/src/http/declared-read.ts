import { canonicalJson, isJsonObject, isJsonValue } from 'operator-core';
import type {
  DeclaredBody,
  DeclaredPath,
  HttpRead,
  HttpWrite,
  JsonValue,
  ReadDeclaration,
} from 'operator-core';
import type { RequestLine } from './write-permit.ts';

/** Declarations of a plugin about what reads and what writes. */
export interface Declarations {
  readonly reads?: readonly ReadDeclaration[];
  readonly writes?: readonly HttpWrite[];
}

type Asked = Pick<RequestLine, 'method' | 'path' | 'body'>;

/** Paths that a server may take for another one: no pattern speaks for them. */
const AMBIGUOUS = /(^|\/)\.{1,2}(\/|$)|%2e|%2f|\\/iu;

/** True when a request only reads: GET and HEAD unless declared to write, and what is declared to read. */
export function isReadRequest({ reads = [], writes = [] }: Declarations, asked: Asked): boolean {
  const { method, path } = asked;
  if (method === 'HEAD') return true;
  if (method !== 'GET') return reads.some((read) => 'path' in read && isRead(read, asked));
  return !writes.some((write) => fitsPath(write.path, path, includesQuery));
}

/** True when a plugin has declared statements of this name to be reads. */
export function isReadStatement(
  { reads = [] }: Declarations,
  { protocol, name }: { readonly protocol: string; readonly name: string },
): boolean {
  return reads.some(
    (read) => 'names' in read && read.protocol === protocol && read.names.includes(name),
  );
}

function isRead({ method, path, body }: HttpRead, asked: Asked): boolean {
  if (method !== asked.method || !fitsPath(path, asked.path, equalsQuery)) return false;
  return body === undefined || fitsBody(body, asked.body);
}

/** Compares the queries of a declaration and of a request, each sorted. */
type CompareQuery = (declared: readonly string[], asked: readonly string[]) => boolean;

function fitsPath(declared: DeclaredPath, asked: string, compare: CompareQuery): boolean {
  const [pathname, query] = split(asked);
  if (typeof declared !== 'string') {
    return !AMBIGUOUS.test(pathname) && new RegExp(`^(?:${declared.pattern})$`, 'u').test(pathname);
  }
  const [wanted, part] = split(declared);
  return wanted === pathname && (part === null || compare(toPairs(part), toPairs(query ?? '')));
}

/** Path and query; `null` for a path without one. */
function split(path: string): readonly [string, string | null] {
  const at = path.indexOf('?');
  return at === -1 ? [path, null] : [path.slice(0, at), path.slice(at + 1)];
}

function toPairs(query: string): readonly string[] {
  const pairs = [...new URLSearchParams(query)];
  return pairs.map((pair) => JSON.stringify(pair)).toSorted();
}

function equalsQuery(declared: readonly string[], asked: readonly string[]): boolean {
  return declared.join() === asked.join();
}

function includesQuery(declared: readonly string[], asked: readonly string[]): boolean {
  return declared.every((pair) => asked.includes(pair));
}

function fitsBody(declared: DeclaredBody, body: RequestLine['body']): boolean {
  const value = parseBody(body);
  if (value === undefined) return false;
  if ('equals' in declared) return isSame(declared.equals, value);
  if (!isJsonObject(value)) return false;
  return Object.entries(declared.has).every(([name, member]) => {
    const given = Object.hasOwn(value, name) ? value[name] : undefined;
    return given !== undefined && isSame(member, given);
  });
}

/** `undefined` for what is no JSON, and for a stream. */
function parseBody(body: RequestLine['body']): JsonValue | undefined {
  if (body === undefined || body === null) return undefined;
  try {
    const value: unknown = JSON.parse(Buffer.from(body).toString('utf8'));
    return isJsonValue(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isSame(one: JsonValue, other: JsonValue): boolean {
  return canonicalJson(one) === canonicalJson(other);
}
