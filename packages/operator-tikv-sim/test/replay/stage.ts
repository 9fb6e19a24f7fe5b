import { type TikvSim, type TikvSimOptions, startTikvSim } from '../../src/index.ts';
import type { Answered } from './compare.ts';
import type { Exchange } from './recording.ts';

/** A simulated cluster that is brought into the situations of a recording. */
export class Stage {
  readonly sim: TikvSim;
  readonly #names = new Map<string, string>();
  readonly #start: number;
  #base = 0;
  #last = Infinity;

  constructor(sim: TikvSim) {
    this.sim = sim;
    this.#start = sim.clock.now();
  }

  static async open(options: TikvSimOptions): Promise<Stage> {
    // Time moves only where the recording says so.
    return new Stage(await startTikvSim({ stepMs: 0, ...options }));
  }

  wait(ms: number): void {
    this.sim.clock.advance(ms);
  }

  /** From now on a recorded id stands for one of this cluster. */
  alias(recorded: string, actual: number): void {
    this.#names.set(recorded, String(actual));
  }

  /** Moves the clock to the moment of a timed exchange. */
  moveTo(atMs: number): void {
    if (atMs < this.#last) this.#base = this.sim.clock.now() - atMs;
    this.#last = atMs;
    this.wait(this.#base + atMs - this.sim.clock.now());
  }

  /** Moves the clock until the stores' last heartbeat was so long ago (they beat together every ten seconds). */
  alignTo(sinceHeartbeatMs: number): void {
    const since = (this.sim.clock.now() - this.#start) % 10_000;
    this.wait((sinceHeartbeatMs - since + 10_000) % 10_000);
  }

  async send(request: NonNullable<Exchange['request']>, member = 0): Promise<Answered | 'refused'> {
    return await sendRaw(`${this.sim.endpoints[member] ?? ''}${this.#translate(request.path)}`, {
      method: request.method,
      headers: request.headers ?? {},
      body: this.#translate(request.body ?? ''),
    });
  }

  async post(path: string, body: unknown): Promise<void> {
    await this.send({ method: 'POST', path: `/pd/api/v1${path}`, body: JSON.stringify(body) });
  }

  async delete(path: string): Promise<void> {
    await this.send({ method: 'DELETE', path: `/pd/api/v1${path}` });
  }

  #translate(text: string): string {
    let translated = text;
    for (const [recorded, actual] of this.#names)
      translated = translated.replaceAll(recorded, actual);
    return translated;
  }
}

interface Outgoing {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Sends a request exactly as written: no cleaning of the path, bodies with every method. */
async function sendRaw(
  url: string,
  { method, headers, body }: Outgoing,
): Promise<Answered | 'refused'> {
  const { request } = await import('node:http');
  const [, host = '', port = '', path = '/'] = /^http:\/\/([^:]+):(\d+)(.*)$/.exec(url) ?? [];
  return await new Promise((resolve) => {
    const sent = request(
      {
        host,
        port,
        path,
        method,
        headers: { ...headers, 'Content-Length': Buffer.byteLength(body) },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          const entries = Object.entries(response.headers).map(([name, value]) => [
            name,
            String(value),
          ]);
          resolve({
            status: response.statusCode ?? 0,
            headers: Object.fromEntries(entries),
            body: Buffer.concat(chunks).toString('utf8'),
          });
        });
      },
    );
    sent.setTimeout(1_000, () => sent.destroy());
    sent.on('error', () => resolve('refused'));
    sent.end(body);
  });
}
