import { type TikvSim, type TikvSimOptions, startTikvSim } from '../src/index.ts';

/** A simulator with a client that asks its first member unless told otherwise. */
export interface Cluster extends AsyncDisposable {
  readonly sim: TikvSim;
  get(path: string, init?: RequestInit & { readonly member?: number }): Promise<Told>;
  post(path: string, body: unknown): Promise<Told>;
  delete(path: string): Promise<Told>;
  wait(ms: number): void;
}

export interface Told {
  readonly status: number;
  readonly text: string;
  /** The body as JSON, where it is JSON. */
  readonly json: unknown;
}

/** Starts a simulator whose time moves only by hand, unless the options say otherwise. */
export async function openCluster(options: TikvSimOptions = {}): Promise<Cluster> {
  const sim = await startTikvSim({ stepMs: 0, ...options });
  const get: Cluster['get'] = async (path, { member = 0, ...init } = {}) => {
    const response = await fetch(`${sim.endpoints[member] ?? ''}/pd/api/v1${path}`, init);
    return await tell(response);
  };
  return {
    sim,
    get,
    post: async (path, body) => await get(path, { method: 'POST', body: JSON.stringify(body) }),
    delete: async (path) => await get(path, { method: 'DELETE' }),
    wait: (ms) => sim.clock.advance(ms),
    [Symbol.asyncDispose]: async () => await sim.stop(),
  };
}

async function tell(response: Response): Promise<Told> {
  const text = await response.text();
  return { status: response.status, text, json: parse(text) };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
