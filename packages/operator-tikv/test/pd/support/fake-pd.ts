import { createServer } from 'node:http';
import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { ServerOptions } from 'node:https';
import type { Socket } from 'node:net';

/** A request as the server saw it. */
export interface Received {
  readonly method: string;
  /** Without `/pd/api/v1`. */
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** An HTTP answer. `body` that is no text is sent as JSON, as PD writes it. */
export interface Reply {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  readonly body?: unknown;
}

/** Answers, or does something rude to the connection and returns nothing. */
export type Handler = (
  request: Received,
  raw: { readonly response: ServerResponse; readonly socket: Socket },
) => Reply | undefined | Promise<Reply | undefined>;

export interface FakePd {
  readonly endpoint: string;
  readonly port: number;
  /** Without the questions who it is, unless the handler answers them. */
  readonly requests: readonly Received[];
  /** `GET /stores`, in the order of arrival. */
  readonly lines: readonly string[];
  handle(handler: Handler): void;
  stop(): Promise<void>;
}

const CLUSTER_ID = '7710710192817138334';

/** Starts an HTTP server on loopback that answers what it is told and keeps what it received. */
export async function startFakePd(
  handler: Handler,
  options: {
    readonly port?: number;
    readonly tls?: ServerOptions;
    /** What it says when it is asked which cluster it belongs to. Default: the usual one. `null`: the handler says it. */
    readonly identity?: string | null;
  } = {},
): Promise<FakePd> {
  const { identity = CLUSTER_ID } = options;
  let current = handler;
  const requests: Received[] = [];
  const listener: RequestListener = (request, response) => {
    void answer(request, response, (received) => {
      if (identity !== null && isIdentityQuestion(received)) return identityReply(identity);
      requests.push(received);
      return current(received, { response, socket: request.socket });
    });
  };
  const server =
    options.tls === undefined ? createServer(listener) : createTlsServer(options.tls, listener);
  server.on('tlsClientError', () => {});
  const port = await listen(server, options.port ?? 0);
  return {
    endpoint: `${options.tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`,
    port,
    requests,
    get lines() {
      return requests.map(({ method, path }) => `${method} ${path}`);
    },
    handle: (next) => {
      current = next;
    },
    stop: () => stop(server),
  };
}

/** Whether a server is asked, of itself, which cluster it belongs to. */
function isIdentityQuestion({ path, headers }: Received): boolean {
  return path === '/cluster' && headers['pd-allow-follower-handle'] !== undefined;
}

/** The answer to {@link isIdentityQuestion}. */
function identityReply(clusterId: string = CLUSTER_ID): Reply {
  return { body: raw(`{"id":${clusterId},"max_peer_count":3}`) };
}

/** The answer of `GET /members` for servers at these endpoints; the first leads. */
export function membersReply(
  endpoints: readonly string[],
  options: { readonly clusterId?: string; readonly leader?: string } = {},
): Reply {
  const { clusterId = CLUSTER_ID, leader = endpoints[0] } = options;
  const members = endpoints.map(
    (url, index) =>
      `{"name":"pd${index + 1}","member_id":1172584512719246487${index},"peer_urls":["http://127.0.0.1:1"],"client_urls":["${url}"],"binary_version":"v8.5.7"}`,
  );
  const leading = members.find((member) => member.includes(`"${leader}"`));
  const body = `{"header":{"cluster_id":${clusterId}},"members":[${members.join(',')}]${leading === undefined ? '' : `,"leader":${leading},"etcd_leader":${leading}`}}`;
  return { body: raw(body) };
}

/** The answer of `GET /health` of a member: the first so many of all are healthy. */
export function healthReply(healthy: number, all: number): Reply {
  const members = Array.from({ length: all }, (_, index) => ({
    name: `pd${index + 1}`,
    member_id: 1000 + index,
    client_urls: [],
    health: index < healthy,
  }));
  return { body: members };
}

/** A body to be sent as it is, whatever it looks like. */
export function raw(text: string): RawBody {
  return { raw: text };
}

interface RawBody {
  readonly raw: string;
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  handle: (received: Received) => ReturnType<Handler>,
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const reply = await handle({
    method: request.method ?? '',
    path: (request.url ?? '').replace(/^\/pd\/api\/v1/u, ''),
    headers: request.headers,
    body: Buffer.concat(chunks).toString('utf8'),
  });
  if (reply === undefined) return;
  response.writeHead(reply.status ?? 200, {
    'content-type': 'application/json; charset=UTF-8',
    ...reply.headers,
  });
  response.end(
    isRaw(reply.body) ? reply.body.raw : `${JSON.stringify(reply.body ?? null, null, 2)}\n`,
  );
}

function isRaw(body: unknown): body is RawBody {
  return typeof body === 'object' && body !== null && 'raw' in body;
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      if (typeof address === 'object' && address !== null) resolve(address.port);
    });
  });
}

function stop(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
