import { setTimeout } from 'node:timers/promises';

const TIMEOUT_MS = 12_000;
const ELECTION_MS = 60_000;
const PAUSE_MS = 500;

/** An answer of PD: status and text. */
export interface HandAnswer {
  readonly status: number;
  readonly text: string;
}

/**
 * PD's HTTP API as an administrator uses it, with curl or pd-ctl: independent of the plugin under test.
 * Reads wait for an election; each change is sent to the first member that answers.
 */
export class PdByHand {
  #endpoints: readonly string[];

  constructor(endpoints: readonly string[]) {
    this.#endpoints = endpoints;
  }

  /** The known members: the configured ones, and after `discover` those that PD names. */
  get endpoints(): readonly string[] {
    return this.#endpoints;
  }

  /** Adds the client URLs of all members, so that a killed member does not hide the others. */
  async discover(): Promise<this> {
    const { members } = await this.read<{ members: readonly HandMember[] }>('members');
    const named = members.flatMap((member) => member.client_urls);
    const all = [...this.#endpoints, ...named].map((url) => new URL(url).origin);
    this.#endpoints = [...new Set(all)];
    return this;
  }

  /** JSON of a path below `/pd/api/v1/`. Asks every member in turn for at most a minute. */
  async read<Body>(path: string): Promise<Body> {
    return (await this.readOr<Body>(path, [])) as Body;
  }

  /** The same, and `null` for an answer with one of the statuses. */
  async readOr<Body>(path: string, absent: readonly number[]): Promise<Body | null> {
    const end = performance.now() + ELECTION_MS;
    for (;;) {
      const last = await this.#ask('GET', path);
      if (absent.includes(last.status)) return null;
      if (last.status === 200) return JSON.parse(last.text) as Body;
      if (performance.now() > end) throw new Error(`GET ${path}: ${last.status} ${last.text}`);
      await setTimeout(PAUSE_MS);
    }
  }

  /** Sends a change. Throws when PD does not accept it. */
  async change(method: 'POST' | 'DELETE', path: string, body?: unknown): Promise<string> {
    const { status, text } = await this.#ask(method, path, body);
    if (status >= 200 && status < 300) return text;
    throw new Error(`${method} ${path}: ${status} ${text}`);
  }

  /** Statuses below 500 are PD's word; at others the next member is asked. */
  async #ask(method: string, path: string, body?: unknown): Promise<HandAnswer> {
    let last: HandAnswer = { status: 0, text: 'no endpoint' };
    for (const endpoint of this.#endpoints) {
      last = await ask(endpoint, { method, path, body }).catch((error: unknown) => ({
        status: 0,
        text: String(error),
      }));
      if (last.status >= 200 && last.status < 500) return last;
    }
    return last;
  }
}

/** A member, as `GET /members` names it. */
export interface HandMember {
  readonly name: string;
  readonly client_urls: readonly string[];
}

async function ask(
  endpoint: string,
  {
    method,
    path,
    body,
  }: { readonly method: string; readonly path: string; readonly body: unknown },
): Promise<HandAnswer> {
  const response = await fetch(`${endpoint}/pd/api/v1/${path}`, {
    method,
    headers: { 'x-caller-id': 'operator-live-tests' },
    signal: AbortSignal.timeout(TIMEOUT_MS),
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, text: await response.text() };
}
