import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One lamp: a system that is clearly no database. */
export interface Lamp {
  readonly id: number;
  on: boolean;
  /** What it will be once the switch has worked its way through. */
  wanted: boolean;
  watts: number | null;
}

/** Answer of the lamp server to the next request that changes something. */
export type Mood = 'willing' | 'refusing' | 'stuck' | 'deaf' | 'giving_up' | 'cut_off';

/** A server of lamps behind real HTTP. */
export interface LampServer {
  readonly url: string;
  readonly lamps: Lamp[];
  /** Lamps that are to be left alone. */
  readonly holds: Set<number>;
  /** Note of the lamp server on held lamps: a fact that plans rely on. */
  holdNote: string;
  readonly requests: { method: string; path: string; body: string }[];
  mood: Mood;
  /** How many looks a switched lamp still shows its old state. */
  looksUntilDone: number;
  house: string;
  stop(): Promise<void>;
}

export async function startLamps(): Promise<LampServer> {
  const lamps: Lamp[] = [
    { id: 1, on: false, wanted: false, watts: 1536 },
    { id: 2, on: true, wanted: true, watts: null },
    { id: 3, on: false, wanted: false, watts: 40 },
  ];
  const requests: LampServer['requests'] = [];
  const state = {
    mood: 'willing' as Mood,
    looksUntilDone: 1,
    house: '7462183643873562342',
    holdNote: 'plain',
  };
  const looks = new Map<number, number>();
  const holds = new Set<number>();
  const handler = (request: IncomingMessage, response: ServerResponse, body: string): void => {
    const { method = 'GET', url: path = '/' } = request;
    requests.push({ method, path, body });
    const answer = (status: number, value: unknown): void => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(value));
    };
    if (state.mood === 'cut_off' && method !== 'GET') {
      request.socket.destroy();
      return;
    }
    if (path === '/house') return answer(200, { id: state.house, version: '3.1' });
    if (path === '/holds') return answer(200, { held: [...holds], note: state.holdNote });
    if (path.startsWith('/holds/')) {
      const id = Number(path.slice('/holds/'.length));
      if (method === 'POST') holds.add(id);
      else holds.delete(id);
      if (state.mood === 'deaf') request.socket.destroy();
      else answer(200, 'Noted.');
      return;
    }
    if (method === 'GET') {
      for (const lamp of lamps) {
        const left = looks.get(lamp.id) ?? 0;
        if (lamp.on !== lamp.wanted && left <= 0) lamp.on = lamp.wanted;
        looks.set(lamp.id, left - 1);
      }
      return answer(200, lamps);
    }
    if (state.mood === 'refusing') return answer(500, '[lamps:fuse]the fuse is out\u001B[31m');
    const lamp = lamps.find(({ id }) => path === `/lamps/${id}`);
    if (lamp === undefined) return answer(404, 'no such lamp');
    const { on }: { on: boolean } = JSON.parse(body);
    if (state.mood === 'willing' || state.mood === 'deaf') lamp.wanted = on;
    looks.set(lamp.id, state.looksUntilDone);
    if (state.mood === 'deaf') request.socket.destroy();
    else answer(200, 'The switch is being thrown.');
  };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => handler(request, response, Buffer.concat(chunks).toString()));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return Object.assign(state, {
    url: `http://127.0.0.1:${port}`,
    lamps,
    holds,
    requests,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  });
}
