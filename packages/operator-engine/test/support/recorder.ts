import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { ListenOptions } from 'node:net';

/** One request as it came in. */
export interface Received {
  readonly method: string;
  readonly path: string;
  readonly body: Buffer;
  readonly headers: IncomingMessage['headers'];
}

export interface Reply {
  readonly status?: number;
  readonly body?: unknown;
  readonly delayMs?: number;
  /** The work is done, and the connection ends without an answer. */
  readonly cut?: true;
}

/** An HTTP server that records what it receives; what does not only read counts as a change. */
export class Recorder implements AsyncDisposable {
  readonly received: Received[] = [];
  /** Answers of the test, before the usual ones. */
  reply: (request: Received) => Reply | undefined = () => undefined;
  /** Requests that change something, by the test's own judgement. */
  isChange: (request: Received) => boolean = ({ method }) => method !== 'GET';
  id = 'recorder-1';
  url = '';
  readonly #server: Server = createServer((request, response) => {
    void this.#respond(request, response);
  });

  get changes(): readonly Received[] {
    return this.received.filter((request) => this.isChange(request));
  }

  async open(where: ListenOptions = { port: 0, host: '127.0.0.1' }): Promise<this> {
    this.#server.listen(where);
    await once(this.#server, 'listening');
    const address = this.#server.address();
    if (typeof address === 'object' && address !== null)
      this.url = `http://127.0.0.1:${address.port}`;
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  async #respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { method = '', url: path = '', headers } = request;
    const received = { method, path, headers, body: Buffer.concat(chunks) };
    this.received.push(received);
    const { status = 200, body, delayMs = 0, cut } = this.reply(received) ?? {};
    if (delayMs > 0) await new Promise((resolve) => setTimeout(resolve, delayMs));
    if (cut === true) {
      request.socket.destroy();
      return;
    }
    const state = { id: this.id, changes: this.changes.length };
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body ?? state));
  }
}
