import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Member } from '../world/cluster/leadership.ts';
import type { World } from '../world/world.ts';
import type { AnswerFault, AnswerFaults } from './answer-faults.ts';
import { dispatch } from './dispatch.ts';
import type { Reply } from '../http/reply.ts';
import type { ReceivedRequest } from './requests.ts';
import type { Router } from './router.ts';

/** Parts of the simulator that a member's server needs. */
export interface ServerContext {
  readonly world: World;
  readonly router: Router;
  readonly faults: AnswerFaults;
  readonly requests: ReceivedRequest[];
  /** Brings the model's clock up to date before a request is handled. */
  tick(): void;
}

const CORS = {
  'Access-Control-Allow-Headers': 'accept, content-type, authorization',
  'Access-Control-Allow-Methods': 'POST, GET, OPTIONS, PUT, DELETE',
  'Access-Control-Allow-Origin': '*',
};

const REOPEN_ATTEMPTS = 100;
const REOPEN_WAIT_MS = 20;

/** Go sends what is longer than its buffer in chunks. */
const GO_BUFFER_BYTES = 2048;

/** One PD member's HTTP server. It can close, as a killed process would, and open again on the same port. */
export class MemberServer {
  readonly #context: ServerContext;
  readonly #member: Member;
  #server: Server | undefined;
  #port: number;
  #isStopped = false;

  constructor(context: ServerContext, member: Member, port: number) {
    this.#context = context;
    this.#member = member;
    this.#port = port;
  }

  async open(): Promise<void> {
    const server = createServer((request, response) => void this.#receive(request, response));
    server.keepAliveTimeout = 0;
    server.requestTimeout = 0;
    this.#server = server;
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(this.#port, '127.0.0.1', resolve);
    });
    const address = server.address();
    if (address !== null && typeof address === 'object') this.#port = address.port;
    this.#member.clientUrl = `http://127.0.0.1:${this.#port}`;
    this.#member.peerUrl = `http://127.0.0.1:${this.#port + 1 > 65_535 ? this.#port - 1 : this.#port + 1}`;
  }

  /** Opens again on the same port, which another process may hold for a moment. */
  async reopen(): Promise<void> {
    for (let attempt = 0; attempt < REOPEN_ATTEMPTS && !this.#isStopped; attempt += 1) {
      try {
        return await this.open();
      } catch {
        await sleep(REOPEN_WAIT_MS);
      }
    }
    this.#server = undefined;
  }

  /** Closes for good. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.close();
  }

  /** Refuses connections from now on and cuts the open ones. */
  async close(): Promise<void> {
    const server = this.#server;
    if (server === undefined) return;
    this.#server = undefined;
    await new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  }

  async #receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readBody(request);
    if (body === undefined) return;
    const { world, requests, faults } = this.#context;
    this.#context.tick();
    const received = this.#record(request, body);
    requests.push(received);
    if (this.#server === undefined) return cut(response, received, 'cut_before');
    const fault = faults.take(received);
    if (fault?.kind === 'drop' && fault.when === 'before')
      return cut(response, received, 'cut_before');
    if (fault?.kind === 'raw' && !fault.isExecuted)
      return send(response, received, {
        reply: fault.reply,
        chunked: false,
        date: world.clock.now(),
      });
    const answer = dispatch(world, this.#context.router, {
      ...received,
      url: received.path,
      member: this.#member,
    });
    if (answer === 'hang') {
      received.answer = 'hanging';
      return;
    }
    if (fault?.kind === 'drop' && fault.when === 'after')
      return cut(response, received, 'cut_after');
    if (fault?.kind === 'drop') return sendHalf(response, received, answer.reply);
    await pause(fault);
    send(response, received, {
      reply: fault?.kind === 'raw' ? fault.reply : answer.reply,
      chunked: answer.isForwarded,
      date: world.clock.now(),
    });
  }

  #record(request: IncomingMessage, body: string): ReceivedRequest {
    const { requests, world } = this.#context;
    const headers = Object.entries(request.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : (value ?? ''),
    ]);
    return {
      index: requests.length,
      at: world.clock.now(),
      member: this.#member.name,
      method: request.method ?? '',
      path: request.url ?? '',
      headers: Object.fromEntries(headers),
      body,
      status: undefined,
      answer: 'pending',
    };
  }
}

/** Reads a body; undefined when the client left before its end. */
async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of request)
      chunks.push(Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk)));
  } catch {
    return undefined;
  }
  return Buffer.concat(chunks).toString('utf8');
}

async function pause(fault: AnswerFault | undefined): Promise<void> {
  if (fault?.kind === 'delay') await sleep(fault.ms, undefined, { ref: false });
}

function cut(
  response: ServerResponse,
  received: ReceivedRequest,
  answer: 'cut_before' | 'cut_after',
): void {
  received.answer = answer;
  response.destroy();
}

interface Outgoing {
  readonly reply: Reply;
  readonly chunked: boolean;
  readonly date: number;
}

function send(
  response: ServerResponse,
  received: ReceivedRequest,
  { reply, chunked, date }: Outgoing,
): void {
  if (response.destroyed) {
    received.answer = 'gone';
    return;
  }
  const body = Buffer.from(reply.body, 'utf8');
  const isChunked = body.length > GO_BUFFER_BYTES || (chunked && body.length > 0);
  const length = isChunked ? {} : { 'Content-Length': String(body.length) };
  response.writeHead(reply.status, {
    Date: new Date(date).toUTCString(),
    ...CORS,
    ...length,
    ...reply.headers,
  });
  received.status = reply.status;
  received.answer = 'sent';
  if (isChunked) response.write(body);
  response.end(isChunked ? undefined : body);
}

/** The head promises a whole body; half of it follows, then the connection ends. */
function sendHalf(response: ServerResponse, received: ReceivedRequest, reply: Reply): void {
  const body = Buffer.from(reply.body, 'utf8');
  received.answer = 'half';
  response.writeHead(reply.status, {
    ...CORS,
    ...reply.headers,
    'Content-Length': String(body.length),
  });
  response.write(body.subarray(0, Math.floor(body.length / 2)), () => response.destroy());
}
