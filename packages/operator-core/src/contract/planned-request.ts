import type { JsonValue } from '../json/json.ts';

/**
 * A value of an answer that later requests and the inverse need: the id that the system gave to a new thing, for
 * instance. They name it as `${captured:NAME}` in paths, bodies, texts of statements and parameters of the inverse. The
 * digest is over these placeholders; the host fills a later request in as it is sent. An answer that does not have
 * the value ends the run before the next request, and leaves a single request without an undo.
 */
export interface Capture {
  /** snake_case, unique in the plan. */
  readonly name: string;
  /** JSON Pointer into the answer of `SendResult`: `/member/ID`. Empty: the whole answer as text. */
  readonly at: string;
  /**
   * Regular expression (ECMAScript, flag `u`) that must match the whole value: a text, or a whole number in digits. A
   * value with white space, quotes, `\\`, `$`, or more than 1,024 characters never fits.
   */
  readonly pattern: string;
}

/** Members that a planned request of every protocol has. */
interface RequestOptions {
  /** Purpose of the request, as a phrase: `pause the queue`. */
  readonly purpose: string;
  /**
   * Milliseconds until `send` must have ended, 1 to 86,400,000: a part of what people consent to. When they are over
   * the result is `unknown`, and reading decides. Default: the host's limit, 60,000.
   */
  readonly timeoutMs?: number;
  /** Values of the answer that are needed later. Default: none. */
  readonly captures?: readonly Capture[];
}

/** A request by HTTP, exactly as it will be sent. */
export interface HttpRequest extends RequestOptions {
  /** Default: `http`. */
  readonly protocol?: 'http';
  /** One that changes something: reads are no part of a plan. A GET stands in `SubjectPlugin.writes`. */
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Path and query, without origin. */
  readonly path: string;
  /** The body byte for byte, as UTF-8 text unless `encoding` says otherwise, or `null` when there is none. */
  readonly body: string | null;
  /** `base64`: the body is given in Base64 because its bytes are no UTF-8 text. Default: it is the text itself. */
  readonly encoding?: 'base64';
  /**
   * Origins (`http://host:port`), any one of which may take it; the host lets it go nowhere else. Default: the
   * origins that answered `identify` and the reads of the planning.
   */
  readonly target?: readonly string[];
}

/** A request in a protocol that the host does not speak: SQL, RESP or gRPC, for instance. */
export interface StatementRequest extends RequestOptions {
  /** Name of the protocol, kebab-case, and not `http`: `postgresql`. */
  readonly protocol: string;
  /** Everything that the plugin needs to send it, as data: `["SETNAME", "lamp"]`. Part of the digest. */
  readonly statement: JsonValue;
  /** The same for people, as the system's own tools write it: `SETNAME lamp`. It must say all that is sent. */
  readonly text: string;
  /**
   * Servers, any one of which may take it, as the plugin names them: `db-1:5432`. The host shows them and does not
   * enforce them. Default: none.
   */
  readonly target?: readonly string[];
}

/** One request that will change the system. {@link isHttpRequest} tells the kinds apart. */
export type PlannedRequest = HttpRequest | StatementRequest;

/** A request by HTTP in a finished plan: the protocol and the target are always said. */
export interface TargetedHttpRequest extends HttpRequest {
  readonly protocol: 'http';
  /** Endpoints, as in {@link HttpRequest}. Empty for a plugin that uses no HTTP of the host: the guard lets nothing pass then. */
  readonly target: readonly string[];
}

/** A request of another protocol in a finished plan. */
export interface TargetedStatementRequest extends StatementRequest {
  /** Endpoints, as in {@link StatementRequest}; empty where the plugin names none. */
  readonly target: readonly string[];
}

/** A request of a finished plan. */
export type TargetedRequest = TargetedHttpRequest | TargetedStatementRequest;

/** True when a planned request uses HTTP. */
export function isHttpRequest<Request extends PlannedRequest>(
  request: Request,
): request is Extract<Request, HttpRequest> {
  return !('statement' in request);
}
