import { Agent, createServer, request as sendRequest } from 'node:http';
import type { IncomingHttpHeaders, IncomingMessage, Server, ServerResponse } from 'node:http';

/** A request that came by on its way to PD. */
export interface PassingRequest {
  /** In order of arrival, from 0. */
  readonly index: number;
  readonly method: string;
  readonly path: string;
  readonly body: string;
  /** Which run it is of, as PD is told; `null`: no run's. */
  readonly runId: string | null;
  readonly isChange: boolean;
  /** PD's own status; `null` while, or because, PD never saw it. */
  status: number | null;
}

/**
 * Where a request stands: `arrived` in full and PD has not seen it, or `answered` by PD and not a
 * byte of that has been told.
 */
export type Stage = 'arrived' | 'answered';

/**
 * What becomes of a request. `cut`: the connection, and nothing more is told; `half`: half the answer,
 * and then the cut; `end`: the whole answer, and then the cut.
 */
export type Verdict = 'pass' | 'cut' | 'half' | 'end';

/** Asked at every stage of every request; what it waits for, the request waits for. */
export type Toll = (passing: PassingRequest, stage: Stage) => Verdict | Promise<Verdict>;

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

const letPass: Toll = () => 'pass';

/** One member of PD, and the server that stands before it. */
interface Door {
  readonly target: string;
  readonly server: Server;
  readonly endpoint: string;
}

/** Stands between a client and the members of a PD; the client knows no other way. */
export class PdProxy {
  /** Everything that came by. */
  readonly passed: PassingRequest[] = [];
  toll: Toll = letPass;
  readonly #targets: readonly string[];
  readonly #agent = new Agent({ keepAlive: true });
  readonly #doors: Door[] = [];

  constructor(targets: readonly string[]) {
    this.#targets = targets;
  }

  /** Where it listens, in the order of the members. */
  get endpoints(): readonly string[] {
    return this.#doors.map(({ endpoint }) => endpoint);
  }

  /** Where it listens for the first member. */
  get endpoint(): string {
    return this.endpoints[0] ?? '';
  }

  /** What came by and could have changed something. */
  changes(): readonly PassingRequest[] {
    return this.passed.filter(({ isChange }) => isChange);
  }

  async open(): Promise<this> {
    for (const target of this.#targets) {
      const server = createServer((request, response) => {
        this.#serve(target, request, response).catch(() => response.destroy());
      });
      this.#doors.push({ target, server, endpoint: await listen(server) });
    }
    return this;
  }

  async close(): Promise<void> {
    this.#agent.destroy();
    for (const { server } of this.#doors) {
      await new Promise<void>((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      });
    }
  }

  async #serve(target: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readAll(request);
    const passing = this.#enter(request, body);
    if ((await this.toll(passing, 'arrived')) !== 'pass') {
      response.destroy();
      return;
    }
    const answer = await this.#forward(target, request, body);
    passing.status = answer.status;
    tell(response, answer, await this.toll(passing, 'answered'));
  }

  #enter({ method = '', url = '', headers }: IncomingMessage, body: string): PassingRequest {
    const passing: PassingRequest = {
      index: this.passed.length,
      method,
      path: url,
      body,
      runId: runIdOf(headers),
      isChange: method !== 'GET' && method !== 'HEAD',
      status: null,
    };
    this.passed.push(passing);
    return passing;
  }

  async #forward(
    target: string,
    { method, url, headers }: IncomingMessage,
    body: string,
  ): Promise<Answer> {
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      const options = { method, headers, agent: this.#agent };
      const sent = sendRequest(new URL(url ?? '/', target), options, resolve);
      sent.once('error', reject);
      sent.end(body);
    });
    const text = this.#hideMembers(await readAll(answer));
    return { status: answer.statusCode ?? 0, headers: answer.headers, body: text };
  }

  /** The members must not tell the client of a way around this one. */
  #hideMembers(text: string): string {
    const doors = new Map(this.#doors.map(({ target, endpoint }) => [target, endpoint]));
    return text.replaceAll(/https?:\/\/[^\s"',/]+/gu, (origin) => doors.get(origin) ?? origin);
  }
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('it listens nowhere');
  return `http://127.0.0.1:${address.port}`;
}

/** The run that PD is told to be the caller, or `null`. */
export function runIdOf(headers: Readonly<Record<string, unknown>>): string | null {
  const { 'x-caller-id': caller } = headers;
  return typeof caller === 'string' ? (/^operator\/(.+)$/u.exec(caller)?.[1] ?? null) : null;
}

function tell(response: ServerResponse, answer: Answer, verdict: Verdict): void {
  if (verdict === 'cut') {
    response.destroy();
    return;
  }
  const body = Buffer.from(answer.body);
  const headers = { ...answer.headers, 'content-length': String(body.length) };
  delete headers['transfer-encoding'];
  response.writeHead(answer.status, headers);
  if (verdict !== 'half') {
    response.end(body, () => {
      if (verdict === 'end') response.socket?.destroy();
    });
    return;
  }
  response.write(body.subarray(0, Math.floor(body.length / 2)), () => {
    response.destroy();
  });
}

async function readAll(message: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
