import { once } from 'node:events';
import { createServer } from 'node:http';

/** A system that keeps a password. */
export interface VaultServer {
  readonly url: string;
  /** The bodies of requests that set it. */
  readonly bodies: readonly string[];
  stop(): Promise<void>;
}

/** Starts a vault without a password. */
export async function startVault(): Promise<VaultServer> {
  const bodies: string[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString('utf8');
      if (request.method === 'PUT') bodies.push(body);
      response.end(JSON.stringify({ isSet: bodies.length > 0, answered: body }));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    bodies,
    stop: async () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
