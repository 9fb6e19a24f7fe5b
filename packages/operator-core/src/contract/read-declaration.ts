import type { JsonObject, JsonValue } from '../json/json.ts';

/**
 * Path of a declared request. A text is the exact path, with or without a query. A pattern is a regular expression
 * (ECMAScript, flag `u`) that must match the whole path without its query; it never matches a path with `.`, `..`,
 * `%2e` or `%2f` in it.
 */
export type DeclaredPath = string | { readonly pattern: string };

/** JSON of a declared body: equal to a value, or an object with at least these members. */
export type DeclaredBody = { readonly equals: JsonValue } | { readonly has: JsonObject };

/** A request by HTTP that changes nothing although its method could: declared as data by the plugin. */
export interface HttpRead {
  readonly method: 'POST' | 'PUT' | 'PATCH';
  /** A query in it has to be the query of the request, in any order. Without one any query fits. */
  readonly path: DeclaredPath;
  /**
   * Left out: any body fits. A server that reads and writes on one path, by what the body asks for, needs it: a
   * request whose body is no JSON or another one is then no read.
   */
  readonly body?: DeclaredBody;
}

/** A GET that changes something, so that it is no read: it leaves only as a request of a plan. */
export interface HttpWrite {
  readonly method: 'GET';
  /** A query in it has to be a part of the query of the request. Without one any query fits. */
  readonly path: DeclaredPath;
}

/**
 * Statements of another protocol that change nothing, by name: commands of RESP, full method names of gRPC. The
 * client of the plugin asks `PluginHost.admit` before each statement. SQL has no such list: see the decision page
 * "What reads only means".
 */
export interface StatementReads {
  /** Name of the protocol, as in `StatementRequest`. */
  readonly protocol: string;
  readonly names: readonly string[];
}

/** Requests that only read. */
export type ReadDeclaration = HttpRead | StatementReads;
