import { definePlugin, draft, forSubject } from 'operator-core';
import type {
  HttpDispatcher,
  PlannedRequest,
  SendOptions,
  SendResult,
  Subject,
  TargetedHttpRequest,
} from 'operator-core';
import { request } from 'undici';
import type { Dispatcher } from 'undici';
import { z } from 'zod';

/** A server as the plugin of these tests sees it: it sends whatever it is told to plan. */
class RequestsSubject implements Subject {
  readonly #url: string;
  readonly #dispatcher: Dispatcher;

  constructor(url: string, dispatcher: HttpDispatcher) {
    this.#url = url;
    this.#dispatcher = dispatcher as Dispatcher;
  }

  async identify() {
    const { id } = await this.state();
    return { kind: 'recorder', id };
  }

  async state(): Promise<{ id: string; changes: number }> {
    const { text } = await this.ask({ method: 'GET', path: '/state', body: null });
    return JSON.parse(text) as { id: string; changes: number };
  }

  async send(planned: TargetedHttpRequest, { signal }: SendOptions): Promise<SendResult> {
    const { status, text } = await this.ask(planned, signal);
    return { outcome: status < 300 ? 'accepted' : 'refused', status, answer: text };
  }

  async ask(
    {
      method,
      path,
      body,
      encoding,
    }: Pick<TargetedHttpRequest, 'method' | 'path' | 'body'> & {
      readonly encoding?: 'base64';
    },
    signal?: AbortSignal,
  ): Promise<{ status: number; text: string }> {
    const answer = await request(new URL(path, this.#url), {
      method,
      body: body === null ? null : Buffer.from(body, encoding ?? 'utf8'),
      dispatcher: this.#dispatcher,
      ...(signal === undefined ? {} : { signal }),
    });
    return { status: answer.statusCode, text: await answer.body.text() };
  }

  async close(): Promise<void> {
    // The host closes the dispatcher.
  }
}

const { defineAction } = forSubject<RequestsSubject>();

/** Any JSON that a test gives; the gate judges it. */
const anything = z.any().meta({ type: 'object' });

const sendThese = defineAction({
  name: 'send_these',
  description: 'Send the given requests.',
  riskLevel: 'low',
  requiresApproval: false,
  parameters: z.strictObject({
    requests: z.array(anything).describe('The requests'),
    ask: z.array(anything).default([]).describe('Requests that planning sends itself'),
    undo: z.string().default('').describe('Id of what the undo removes; empty: there is no undo'),
    deadline_ms: z.int().default(2000).describe('Time until the effect must be there'),
  }),
  async plan({ parameters, subject }) {
    for (const one of parameters.ask as TargetedHttpRequest[]) await subject.ask(one);
    const { changes } = await subject.state();
    return draft({
      summary: 'Send the requests.',
      evidence: { bound: [{ name: 'changes', value: changes, unit: 'count' }], shown: [] },
      effects: [{ resource: 'recorder', description: 'it has received more' }],
      impact: [],
      requests: parameters.requests as [PlannedRequest],
      resources: [{ resource: 'recorder', mode: 'exclusive' }],
      inverse:
        parameters.undo === ''
          ? { none: 'what is received stays' }
          : { action: 'remove', parameters: { id: parameters.undo } },
      deadlineMs: parameters.deadline_ms,
      context: { changes },
    });
  },
  async verify({ parameters, context, captured, subject }) {
    const { changes } = await subject.state();
    const expected = Number(context?.['changes']) + parameters.requests.length;
    return {
      state: changes >= expected ? 'reached' : 'pending',
      summary: `It has received ${changes} changes.`,
      facts: { changes, captured: { ...captured } },
    };
  },
});

const remove = defineAction({
  name: 'remove',
  description: 'Remove what was added.',
  riskLevel: 'low',
  requiresApproval: false,
  parameters: z.strictObject({
    id: z
      .string()
      .regex(/^[0-9]+$/u)
      .describe('Its id'),
  }),
  async plan({ parameters: { id }, subject }) {
    const { changes } = await subject.state();
    return draft({
      summary: `Remove ${id}.`,
      evidence: { bound: [{ name: 'changes', value: changes, unit: 'count' }], shown: [] },
      effects: [{ resource: 'recorder', description: 'it has one less' }],
      impact: [],
      requests: [{ purpose: 'remove it', method: 'DELETE', path: `/members/${id}`, body: null }],
      resources: [{ resource: 'recorder', mode: 'exclusive' }],
      inverse: { none: 'it is gone' },
      deadlineMs: 2000,
      context: { changes },
    });
  },
  async verify({ context, subject }) {
    const { changes } = await subject.state();
    const state = changes > Number(context?.['changes']) ? 'reached' : 'pending';
    return { state, summary: `It has received ${changes} changes.`, facts: { changes } };
  },
});

/** A plugin whose only action sends what its parameters say. */
export default definePlugin({
  name: 'requests',
  description: 'A server that records requests',
  config: z.strictObject({ url: z.url() }),
  refusals: {},
  observations: [],
  actions: [sendThese, remove],
  reads: [
    { method: 'POST', path: '/v3/maintenance/alarm', body: { has: { action: 'GET' } } },
    { method: 'POST', path: '/rpc', body: { equals: { method: 'get', params: [] } } },
    { method: 'POST', path: '/search?preview=true&size=1' },
    { method: 'PUT', path: { pattern: '/[^/]+/_validate' } },
  ],
  writes: [{ method: 'GET', path: '/admin?action=DELETE' }],
  connect: ({ url }, host) => new RequestsSubject(url, host.openHttp()),
});
