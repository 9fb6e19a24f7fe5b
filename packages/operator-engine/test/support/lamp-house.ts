import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { once } from 'node:events';

/** Treatment of the next changing requests. */
export type PostFault =
  | 'cut_before'
  | 'cut_after'
  | 'refuse'
  | 'refuse_in_words'
  | 'hang_after'
  /** Answers with a status of its own, after it has done the work or without. */
  | { readonly status: number; readonly text: string; readonly isDone: boolean };

export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly body: string;
  readonly callerId: string | undefined;
  readonly authorization: string | undefined;
}

interface Lamp {
  on: boolean;
  wiring: number;
  /** Brightness. Default: 60. */
  watts?: number;
  /** True while it is held and cannot be switched. */
  held?: boolean;
  /** True while the server is still switching it. */
  pending?: boolean;
  /** True while the server does not know if it is on. */
  veiled?: boolean;
}

/** A lamp server behind HTTP: the system that the tests change. */
export class LampHouse {
  readonly requests: SeenRequest[] = [];
  readonly lamps = new Map<number, Lamp>();
  id = 'house-1';
  /** Taken one for each changing request; none left means that all goes well. */
  postFaults: PostFault[] = [];
  /** Number of reads before a switched lamp shows its new state. */
  readsUntilEffect = 0;
  /** True when switching has an effect. */
  isWired = true;
  /** Called at every read, before the answer. */
  onRead: (path: string) => void = () => undefined;
  /** Holds the answer to a read that was taken from the lamps already. */
  beforeAnswer: (path: string) => Promise<void> = async () => undefined;
  /** Holds the answer about its identity. */
  beforeIdentity: () => Promise<void> = async () => undefined;
  /** Called at every changing request, before it is processed. */
  onChange: (seen: SeenRequest) => void = () => undefined;
  /** True when connections are kept open for reuse. */
  keepsAlive = true;
  /** Address to which reads are redirected instead of being answered. */
  redirect: string | null = null;
  /** Status that reads answer with instead of the truth. */
  readStatus = 200;
  readonly #server: Server;
  #port = 0;

  constructor() {
    for (const id of [1, 2, 3]) this.lamps.set(id, { on: false, wiring: 1 });
    this.#server = createServer((request, response) => {
      void this.#answer(request, response);
    });
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  get changes(): readonly SeenRequest[] {
    return this.requests.filter(({ method }) => method !== 'GET');
  }

  async open(port = 0): Promise<this> {
    this.#server.listen(port, '127.0.0.1');
    await once(this.#server, 'listening');
    const address = this.#server.address();
    this.#port = typeof address === 'object' && address !== null ? address.port : 0;
    return this;
  }

  /** Stops answering and cuts open connections. */
  async close(): Promise<void> {
    if (!this.#server.listening) return;
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, 'close');
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { method = '', url: path = '' } = request;
    const seen = {
      method,
      path,
      body: Buffer.concat(chunks).toString('utf8'),
      callerId: request.headers['x-caller-id']?.toString(),
      authorization: request.headers.authorization,
    };
    this.requests.push(seen);
    response.shouldKeepAlive = this.keepsAlive;
    if (method === 'GET' || method === 'HEAD') await this.#read(path, response);
    else this.#change(seen, response);
  }

  async #read(path: string, response: ServerResponse): Promise<void> {
    this.onRead(path);
    if (this.redirect !== null) {
      response.writeHead(302, { location: this.redirect }).end();
      return;
    }
    if (this.readStatus !== 200) {
      response.writeHead(this.readStatus).end('no');
      return;
    }
    if (path === '/identity') {
      await this.beforeIdentity();
      response.end(JSON.stringify({ id: this.id }));
      return;
    }
    const lamp = this.lamps.get(Number(path.split('/')[2]));
    const text = JSON.stringify(lamp ?? null);
    await this.beforeAnswer(path);
    response.writeHead(lamp === undefined ? 404 : 200).end(text);
  }

  #change(seen: SeenRequest, response: ServerResponse): void {
    const { path, body } = seen;
    this.onChange(seen);
    const fault = this.postFaults.shift();
    if (fault === 'cut_before') {
      response.destroy();
      return;
    }
    if (fault === 'refuse' || fault === 'refuse_in_words') {
      response.writeHead(fault === 'refuse' ? 409 : 400).end('the lamp is locked');
      return;
    }
    if (typeof fault !== 'object' || fault.isDone) this.#switch(Number(path.split('/')[2]), body);
    if (typeof fault === 'object') {
      response.writeHead(fault.status).end(fault.text);
      return;
    }
    if (fault === 'cut_after') response.destroy();
    else if (fault !== 'hang_after') response.end('the lamp will be switched');
  }

  #switch(id: number, body: string): void {
    const lamp = this.lamps.get(id);
    if (lamp === undefined || !this.isWired) return;
    const { on, ...other } = JSON.parse(body || '{"on":true}') as Lamp;
    if (on === undefined) {
      Object.assign(lamp, other);
      return;
    }
    if (this.readsUntilEffect === 0) {
      lamp.on = on;
      return;
    }
    let left = this.readsUntilEffect;
    const before = this.onRead;
    this.onRead = (path) => {
      before(path);
      left -= path === `/lamps/${id}` ? 1 : 0;
      if (left === 0) lamp.on = on;
    };
  }
}
