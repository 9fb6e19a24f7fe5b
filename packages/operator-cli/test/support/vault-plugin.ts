import { defineAction, definePlugin, draft, nothingToDo } from 'operator-core';
import type { TargetedHttpRequest, SendResult, Subject } from 'operator-core';
import { request } from 'undici';
import type { Dispatcher } from 'undici';
import { z } from 'zod';

interface Vault extends Subject {
  isSet(): Promise<boolean>;
}

const setPassword = defineAction({
  name: 'set_password',
  description: 'Set the password of a user',
  riskLevel: 'medium',
  requiresApproval: false,
  parameters: z.strictObject({
    user: z.string().describe('Name of the user'),
    pw: z.string().describe('The new password').meta({ secret: true }),
  }),
  async plan({ parameters: { user, pw }, subject }) {
    const isSet = await (subject as Vault).isSet();
    if (isSet) return nothingToDo('It is set.', { isSet });
    return draft({
      summary: `Set the password of ${user}.`,
      evidence: { bound: [{ name: 'it is set', value: isSet }], shown: [] },
      effects: [{ resource: `user:${user}`, description: 'it has a password' }],
      impact: [],
      requests: [
        { purpose: 'set it', method: 'PUT', path: '/', body: JSON.stringify({ password: pw }) },
      ],
      resources: [{ resource: `user:${user}`, mode: 'exclusive' }],
      inverse: { none: 'the old one is not known' },
      deadlineMs: 5_000,
    });
  },
  async verify({ subject }) {
    const isSet = await (subject as Vault).isSet();
    return { state: isSet ? 'reached' : 'pending', summary: `Set: ${isSet}.`, facts: { isSet } };
  },
});

/** A system whose one action has a secret parameter. */
export default definePlugin({
  name: 'vault',
  description: 'A vault',
  config: z.strictObject({ url: z.url() }),
  refusals: {},
  observations: [],
  actions: [setPassword],
  async connect({ url }, host): Promise<Vault> {
    const dispatcher = host.openHttp() as Dispatcher;
    const fetchJson = async () => (await request(url, { dispatcher })).body.json();
    return {
      identify: async () => ({ kind: 'vault', id: 'vault-1' }),
      isSet: async () => ((await fetchJson()) as { isSet: boolean }).isSet,
      async send({ path, method, body }: TargetedHttpRequest): Promise<SendResult> {
        const answer = await request(new URL(path, url), { dispatcher, method, body });
        const text = await answer.body.text();
        return { outcome: 'accepted', status: answer.statusCode, answer: text };
      },
      close: async () => undefined,
    };
  },
});
