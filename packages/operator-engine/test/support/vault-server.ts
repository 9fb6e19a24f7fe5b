import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';

/** A system that wants a login by POST, and keeps passwords: what it was asked, and what it keeps. */
export interface Vault extends AsyncDisposable {
  readonly url: string;
  readonly passwords: Map<string, string>;
  /** The bodies of requests that change something. */
  readonly changes: readonly string[];
}

export const VAULT_TOKEN = 'gDDbZnYBDIhtXQan.57';

/** Starts a vault that lets `root` in with this password. */
export async function startVault(password: string): Promise<Vault> {
  const passwords = new Map<string, string>();
  const changes: string[] = [];
  const answer = (path: string, method: string, body: string): [number, unknown] => {
    if (path === '/login') {
      const { user, password: given } = JSON.parse(body) as { user: string; password: string };
      const isRight = user === 'root' && given === password;
      return isRight ? [200, { token: VAULT_TOKEN }] : [401, { error: `wrong: ${given}` }];
    }
    if (path === '/identity') return [200, { id: 'vault-1' }];
    const user = path.slice('/users/'.length);
    if (method === 'GET') return [200, { user, revision: passwords.get(user)?.length ?? null }];
    changes.push(body);
    passwords.set(user, (JSON.parse(body) as { password: string }).password);
    return [200, { changed: body }];
  };
  const server = createServer((request, response) => {
    void respond(request, response);
  });
  const respond = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await readBody(request);
    const [status, document] = answer(request.url ?? '', request.method ?? '', body);
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(document));
  };
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    passwords,
    changes,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
