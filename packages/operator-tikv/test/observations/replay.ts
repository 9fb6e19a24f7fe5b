import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { closeLater } from './open-cluster.ts';

interface Exchange {
  readonly name: string;
  readonly request?: { readonly method: string; readonly path: string };
  readonly response?: {
    readonly status: number;
    readonly headers: object;
    readonly body: string;
  } | null;
}

/** Some exchanges of a file: those whose name matches. */
export interface Recording {
  /** Relative to this folder. */
  readonly file: string;
  /** Default: all of them. */
  readonly name?: RegExp;
}

/** The members of a recording are reached here: on their own ports others may listen by now. */
function toHere(body: string, host: string): string {
  return body.replaceAll(/"http:\/\/127\.0\.0\.1:24\d01"/gu, `"http://${host}"`);
}

/** The exchanges of one file. */
async function readRecording(file: string): Promise<readonly Exchange[]> {
  const url = new URL(file, import.meta.url);
  const exchanges: unknown = JSON.parse(await readFile(url, 'utf8'));
  if (!Array.isArray(exchanges)) throw new Error(`${url.href} is no recording`);
  return exchanges as Exchange[];
}

/** Not every file holds it: the answer to the question who the server is, as its members have it. */
function identityOf(
  path: string | undefined,
  answers: ReadonlyMap<string, NonNullable<Exchange['response']>>,
): NonNullable<Exchange['response']> | undefined {
  const members = answers.get('/pd/api/v1/members')?.body ?? '"cluster_id": 1';
  const [, id] = /"cluster_id": (\d+)/u.exec(members) ?? [];
  if (path !== '/pd/api/v1/cluster') return undefined;
  return { status: 200, headers: {}, body: `{"id":${id},"max_peer_count":3}` };
}

/**
 * Serves what a real PD answered over real HTTP, byte for byte but for the members' client URLs. For each path the last good answer of
 * the files counts, the files in their order; a name takes one exchange of it. Everything else is 404.
 */
export async function replay(recordings: readonly Recording[]): Promise<string> {
  const answers = new Map<string, NonNullable<Exchange['response']>>();
  for (const { file, name } of recordings) {
    for (const { request, response, ...exchange } of await readRecording(file)) {
      const wanted = name?.test(exchange.name) ?? true;
      if (wanted && request?.method === 'GET' && response?.status === 200) {
        answers.set(request.path, response);
      }
    }
  }
  const server = createServer((request, response) => {
    const answer = answers.get(request.url ?? '') ?? identityOf(request.url, answers);
    response.writeHead(answer?.status ?? 404, { ...answer?.headers });
    response.end(toHere(answer?.body ?? '404 page not found\n', request.headers.host ?? ''));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  closeLater(
    () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  );
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
