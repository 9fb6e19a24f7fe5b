import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import type { Faults } from '../faults/faults.ts';
import type { ReceivedRequest } from '../server/requests.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../text/json-value.ts';
import type { Model } from './views.ts';
import { FAULT_COMMANDS } from './fault-commands.ts';

/** Parts that the control API reaches. */
export interface Controlled {
  readonly requests: readonly ReceivedRequest[];
  readonly clock: { now(): number; advance(ms: number): void };
  readonly faults: Faults;
  readonly model: Model;
  clearRequests(): void;
}

export interface ControlServer {
  readonly url: string;
  close(): Promise<void>;
}

/** Opens the control API on a free port of 127.0.0.1: faults, clock and records for demos and tests in other processes. */
export async function openControlServer(controlled: Controlled): Promise<ControlServer> {
  const server = createServer((request, response) => void serve(controlled, request, response));
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  const close = async (): Promise<void> => {
    await new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  };
  return { url: `http://127.0.0.1:${port}`, close };
}

type ControlHandler = (controlled: Controlled, body: JsonObject) => unknown;

const HANDLERS: Readonly<Record<string, ControlHandler>> = {
  'POST /fault': runFault,
  'POST /clock': (controlled, body) => {
    controlled.clock.advance(typeof body['advanceMs'] === 'number' ? body['advanceMs'] : 0);
    return { ok: true, now: controlled.clock.now() };
  },
  'GET /requests': (controlled) => controlled.requests,
  'DELETE /requests': (controlled) => {
    controlled.clearRequests();
    return { ok: true };
  },
  'GET /state': ({ model, clock }) => ({
    now: clock.now(),
    leader: model.leaderMember() ?? null,
    prepared: model.prepared(),
    schedulers: model.schedulers(),
    evictedStores: model.evictedStores(),
    stores: model.stores(),
  }),
};

function runFault(controlled: Controlled, body: JsonObject): unknown {
  const name = body['name'];
  const command = typeof name === 'string' ? FAULT_COMMANDS[name] : undefined;
  if (command === undefined)
    throw new RangeError(
      `no fault ${JSON.stringify(name)}; known are ${Object.keys(FAULT_COMMANDS).join(', ')}`,
    );
  const result = command(controlled.faults, body);
  return { ok: true, ...(result === undefined ? {} : { result }) };
}

async function serve(
  controlled: Controlled,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const handler = HANDLERS[`${request.method ?? ''} ${request.url ?? ''}`];
  if (handler === undefined)
    return answer(response, 404, {
      ok: false,
      error: `known are ${Object.keys(HANDLERS).join(', ')}`,
    });
  try {
    answer(response, 200, handler(controlled, await readJson(request)));
  } catch (error) {
    answer(response, 400, {
      ok: false,
      error: error instanceof Error ? error.message : String(error),
    });
  }
}

async function readJson(request: IncomingMessage): Promise<JsonObject> {
  const chunks: Buffer[] = [];
  for await (const chunk of request)
    chunks.push(Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk)));
  const text = Buffer.concat(chunks).toString('utf8');
  const value: JsonValue = text === '' ? {} : JSON.parse(text);
  if (!isJsonObject(value)) throw new TypeError('the body must be a JSON object');
  return value;
}

function answer(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'Content-Type': 'application/json' });
  response.end(`${JSON.stringify(value)}\n`);
}
