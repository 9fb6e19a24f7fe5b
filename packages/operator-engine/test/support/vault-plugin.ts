import { definePlugin, draft, forSubject, nothingToDo, OperatorError } from 'operator-core';
import type { HttpDispatcher, TargetedHttpRequest, SendResult, Subject } from 'operator-core';
import { request } from 'undici';
import type { Dispatcher } from 'undici';
import { z } from 'zod';

/** The vault as a plugin sees it: it logs in with a password from a file. */
class VaultSubject implements Subject {
  readonly #url: string;
  readonly #password: string;
  readonly #dispatcher: Dispatcher;

  constructor(url: string, password: string, dispatcher: HttpDispatcher) {
    this.#url = url;
    this.#password = password;
    this.#dispatcher = dispatcher as Dispatcher;
  }

  async identify() {
    const { id } = (await this.get('/identity')) as { id: string };
    return { kind: 'vault', id };
  }

  async get(path: string): Promise<unknown> {
    return JSON.parse((await this.#fetch('GET', path, null)).text) as unknown;
  }

  async login(): Promise<void> {
    const body = JSON.stringify({ user: 'root', password: this.#password });
    const { status, text } = await this.#fetch('POST', '/login', body);
    if (status === 200) return;
    throw new OperatorError({
      code: 'VAULT_LOGIN',
      kind: 'config',
      message: `The vault refused the password ${this.#password}: ${text}`,
      remedy: 'Correct the file of the password.',
      facts: { answer: text },
    });
  }

  async send({ method, path, body }: TargetedHttpRequest): Promise<SendResult> {
    const { status, text } = await this.#fetch(method, path, body);
    return { outcome: status === 200 ? 'accepted' : 'refused', status, answer: text };
  }

  async close(): Promise<void> {
    // The host closes the dispatcher.
  }

  async #fetch(method: Dispatcher.HttpMethod, path: string, body: string | null) {
    const answer = await request(`${this.#url}${path}`, {
      method,
      body,
      dispatcher: this.#dispatcher,
    });
    return { status: answer.statusCode, text: await answer.body.text() };
  }
}

const { defineAction } = forSubject<VaultSubject>();

/** Sets a password: every text of its plan repeats it, as a careless author's would. */
const setPassword = defineAction({
  name: 'set_password',
  description: 'Set the password of a user',
  riskLevel: 'medium',
  requiresApproval: false,
  parameters: z.strictObject({
    user: z.string().describe('Name of the user'),
    pw: z.string().min(8).describe('The new password').meta({ secret: true }),
  }),
  async plan({ parameters: { user, pw }, subject }) {
    await subject.login();
    const { revision } = (await subject.get(`/users/${user}`)) as { revision: number | null };
    if (revision === pw.length) return nothingToDo(`It is ${pw} already.`, { pw });
    return draft({
      summary: `Set the password of ${user} to ${pw}.`,
      evidence: { bound: [{ name: 'revision', value: revision }], shown: [] },
      effects: [{ resource: `user:${user}`, description: 'new password', after: pw }],
      impact: [],
      requests: [
        {
          purpose: `set it to ${pw}`,
          method: 'PUT',
          path: `/users/${user}`,
          body: JSON.stringify({ password: pw }),
        },
      ],
      resources: [{ resource: `user:${user}`, mode: 'exclusive' }],
      inverse: { none: 'the old password is not known' },
      deadlineMs: 5_000,
    });
  },
  async verify({ parameters: { user }, subject }) {
    const { revision } = (await subject.get(`/users/${user}`)) as { revision: number | null };
    const isSet = revision !== null;
    return { state: isSet ? 'reached' : 'pending', summary: `Set: ${isSet}.`, facts: { revision } };
  },
});

export default definePlugin({
  name: 'vault',
  description: 'A vault with a login',
  config: z.strictObject({ url: z.url(), passwordFile: z.string() }),
  refusals: {},
  observations: [],
  actions: [setPassword],
  reads: [{ method: 'POST', path: '/login' }],
  connect: async ({ url, passwordFile }, host) =>
    new VaultSubject(url, (await host.readFile(passwordFile)).trim(), host.openHttp()),
});
