import type { HttpOptions } from 'operator-core';
import type { Agent, Dispatcher } from 'undici';

type Dispatch = Parameters<Dispatcher['dispatch']>;

/** undici's Agent, loaded with its library when the first request comes: most commands need none. */
export class LazyAgent {
  readonly #options: Pick<HttpOptions, 'tls' | 'socketPath'>;
  #loading: Promise<Agent> | null = null;
  #agent: Agent | null = null;
  #isClosed = false;

  constructor(options: Pick<HttpOptions, 'tls' | 'socketPath'>) {
    this.#options = options;
  }

  dispatch(...[options, handler]: Dispatch): boolean {
    if (this.#agent !== null) return this.#agent.dispatch(options, handler);
    this.#load().then(
      (agent) => agent.dispatch(options, handler),
      (error: unknown) => handler.onResponseError?.(noController, toError(error)),
    );
    return true;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await (await this.#loading)?.close();
  }

  async destroy(): Promise<void> {
    this.#isClosed = true;
    await (await this.#loading)?.destroy();
  }

  async #load(): Promise<Agent> {
    // A connection opened now would never be closed.
    if (this.#isClosed && this.#loading === null) throw new Error('The connection was closed.');
    this.#loading ??= openAgent(this.#options).then((agent) => {
      this.#agent = agent;
      return agent;
    });
    return this.#loading;
  }
}

const CONNECT_TIMEOUT_MS = 3000;

async function openAgent({
  tls,
  socketPath,
}: Pick<HttpOptions, 'tls' | 'socketPath'>): Promise<Agent> {
  const { Agent: UndiciAgent } = await import('undici');
  const { ca, cert, key, serverName } = tls ?? {};
  return new UndiciAgent({
    // HTTP/2 sends requests again by itself after a GOAWAY; one request is one attempt here.
    allowH2: false,
    connect: {
      // A member that cannot be reached must not hold up the next one for long.
      timeout: CONNECT_TIMEOUT_MS,
      ...(socketPath === undefined ? {} : { socketPath }),
      ...(ca === undefined ? {} : { ca }),
      ...(cert === undefined ? {} : { cert }),
      ...(key === undefined ? {} : { key }),
      ...(serverName === undefined ? {} : { servername: serverName }),
    },
  });
}

/** undici itself passes null where a request fails before it has a controller; its types do not say so. */
export const noController = null as unknown as Dispatcher.DispatchController;

function toError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
