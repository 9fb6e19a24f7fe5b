import { isHttpRequest, OperatorError } from 'operator-core';
import type {
  CallOptions,
  HttpDispatcher,
  HttpRequest,
  PlannedRequest,
  SendOptions,
  SendResult,
  Subject,
  SystemIdentity,
} from 'operator-core';
import { request } from 'undici';
import type { Dispatcher } from 'undici';

/** Faults of the test plugin, by name. */
export type Mischief = ReadonlySet<string>;

export interface Lamp {
  readonly on: boolean;
  readonly wiring: number;
  readonly watts?: number;
  readonly held?: boolean;
  readonly pending?: boolean;
  readonly veiled?: boolean;
}

/** The lamp server as a plugin sees it. */
export class LampSubject implements Subject {
  readonly mischief: Mischief;
  readonly #urls: readonly string[];
  readonly #dispatcher: HttpDispatcher;
  closed = 0;

  constructor(urls: readonly string[], dispatcher: HttpDispatcher, mischief: Mischief) {
    this.#urls = urls;
    this.#dispatcher = dispatcher;
    this.mischief = mischief;
  }

  get origins(): readonly string[] {
    return this.#urls.map((url) => new URL(url).origin);
  }

  async identify({ signal }: CallOptions = {}): Promise<SystemIdentity> {
    if (this.mischief.has('identity_is_junk')) return { id: 42 } as never;
    const { id } = (await this.read('/identity', signal)) as { id: string };
    return { kind: 'lamp-house', id };
  }

  async readLamp(id: number, signal?: AbortSignal): Promise<Lamp | null> {
    return (await this.read(`/lamps/${id}`, signal)) as Lamp | null;
  }

  async read(path: string, signal?: AbortSignal): Promise<unknown> {
    if (this.mischief.has('read_throws_network')) {
      return (await this.fetch('http://127.0.0.1:1', path, { method: 'GET', signal })).text;
    }
    let last: unknown = null;
    for (const url of this.#urls) {
      try {
        const answer = await this.fetch(url, path, { method: 'GET', signal });
        if (answer.status < 500) return JSON.parse(answer.text) as unknown;
        last = new Error(`status ${answer.status}`);
      } catch (error) {
        if (OperatorError.isInstance(error)) throw error;
        last = error;
      }
    }
    throw unreachable(last);
  }

  async send(planned: PlannedRequest, { callerId, signal }: SendOptions): Promise<SendResult> {
    if (!isHttpRequest(planned)) throw new Error('lamps speak HTTP');
    if (this.mischief.has('send_throws')) throw new Error('the lamp plugin forgot how to send');
    if (this.mischief.has('send_answers_junk')) return 'sent' as never;
    if (this.mischief.has('send_invents_refusal')) {
      return { outcome: 'refused', status: 409, answer: 'no' };
    }
    if (this.mischief.has('send_answers_junk_late')) {
      await this.#sendTo(this.#urls[0] ?? '', planned, { callerId });
      return { outcome: 'accepted', status: 'fine', answer: 'yes' } as never;
    }
    if (this.mischief.has('send_throws_network')) {
      const { method, path, body } = planned;
      await this.fetch(this.#urls[0] ?? '', path, { method, body });
    }
    if (this.mischief.has('send_claims')) return { outcome: 'accepted', status: 200, answer: '' };
    if (this.mischief.has('send_changes_body_in_secret'))
      return this.#sendSecretly(planned, callerId);
    const asked = this.mischief.has('send_changes_body') ? { ...planned, body: '{}' } : planned;
    let last: SendResult = { outcome: 'not_sent', reason: 'no endpoint' };
    for (const url of this.#urls) {
      const isTarget = planned.target?.includes(new URL(url).origin) ?? true;
      if (!isTarget && !this.mischief.has('send_ignores_target')) continue;
      last = await this.#sendTo(url, asked, { callerId, ...(signal ? { signal } : {}) });
      if (this.mischief.has('send_twice')) await this.#sendTo(url, asked, { callerId });
      if (last.outcome !== 'not_sent') break;
    }
    return this.mischief.has('send_lies') ? { outcome: 'not_sent', reason: 'I think so' } : last;
  }

  async #sendSecretly(planned: HttpRequest, callerId: string): Promise<SendResult> {
    const [url = ''] = this.#urls;
    await this.#sendTo(url, { ...planned, body: '{}' }, { callerId }).catch(() => null);
    return { outcome: 'not_sent', reason: 'the lamps were busy' };
  }

  async #sendTo(
    url: string,
    { method, path, body }: HttpRequest,
    { callerId, signal }: SendOptions,
  ): Promise<SendResult> {
    try {
      const headers = { 'x-caller-id': callerId };
      const { status, text } = await this.fetch(url, path, { method, body, headers, signal });
      if (status === 409) return { outcome: 'refused', status, answer: text, refusal: LOCKED };
      if (status >= 400) {
        const certain = this.mischief.has('send_is_certain') ? ({ certain: true } as const) : {};
        return { outcome: 'refused', status, answer: text, ...certain };
      }
      return { outcome: 'accepted', status, answer: text };
    } catch (error) {
      if (OperatorError.isInstance(error)) throw error;
      const reason = error instanceof Error ? error.message : String(error);
      const isCertain = error instanceof Error && 'code' in error && error.code === 'ECONNREFUSED';
      return { outcome: isCertain ? 'not_sent' : 'unknown', reason };
    }
  }

  async fetch(
    origin: string,
    path: string,
    options: {
      method: Dispatcher.HttpMethod;
      body?: string | null;
      headers?: Record<string, string>;
      signal?: AbortSignal | undefined;
    },
  ): Promise<{ status: number; text: string }> {
    const answer = await request(`${origin}${path}`, {
      ...options,
      dispatcher: this.#dispatcher as Dispatcher,
    } as Parameters<typeof request>[1]);
    return { status: answer.statusCode, text: await answer.body.text() };
  }

  async close(): Promise<void> {
    this.closed += 1;
  }
}

export const LOCKED = {
  code: 'LAMP_LOCKED',
  message: 'The lamp is locked.',
  facts: { by: 'the caretaker' },
  remedy: 'Ask the caretaker.',
};

function unreachable(cause: unknown): OperatorError {
  return new OperatorError({
    code: 'LAMPS_UNREACHABLE',
    kind: 'unreachable',
    message: `The lamp house does not answer: ${String(cause)}.`,
    remedy: 'Knock again.',
    facts: { knocks: 1 },
    retryable: true,
    cause,
  });
}

/** Never comes back, and takes no notice of anything. */
export async function hangForever(): Promise<never> {
  return new Promise<never>(() => undefined);
}
