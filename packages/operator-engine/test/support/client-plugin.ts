import { definePlugin, draft, forSubject } from 'operator-core';
import type {
  CallOptions,
  HttpAnswer,
  HttpClient,
  SendOptions,
  SendResult,
  Subject,
  TargetedRequest,
} from 'operator-core';
import { z } from 'zod';

/** A server as a plugin sees it that leaves HTTP to the client of the host. */
class ClientSubject implements Subject {
  readonly client: HttpClient;

  constructor(client: HttpClient) {
    this.client = client;
  }

  async state(options?: CallOptions): Promise<HttpAnswer> {
    return this.client.read({ path: '/state' }, options);
  }

  async identify(options?: CallOptions) {
    const { id } = JSON.parse((await this.state(options)).body) as { id: string };
    return { kind: 'recorder', id };
  }

  async send(request: TargetedRequest, options: SendOptions): Promise<SendResult> {
    return this.client.send(request, options);
  }

  async close(): Promise<void> {
    // The host closes the client.
  }
}

const { defineAction, defineObservation } = forSubject<ClientSubject>();

const state = defineObservation({
  name: 'state',
  description: 'The state, and which server has told it.',
  parameters: z.strictObject({}),
  read: async ({ subject, signal }) => {
    const { status, origin } = await subject.state({ signal });
    return { status, origin };
  },
});

const put = defineAction({
  name: 'put',
  description: 'Put something.',
  riskLevel: 'low',
  requiresApproval: false,
  parameters: z.strictObject({
    target: z.array(z.string()).min(1).describe('Origins that may take it'),
  }),
  async plan({ parameters, subject }) {
    const { changes } = JSON.parse((await subject.state()).body) as { changes: number };
    return draft({
      summary: 'Put it.',
      evidence: { bound: [], shown: [{ name: 'changes', value: changes, unit: 'count' }] },
      effects: [{ resource: 'recorder', description: 'it has it' }],
      impact: [],
      requests: [
        {
          purpose: 'put it',
          method: 'PUT',
          path: '/it',
          body: '{}',
          target: [...(parameters.target as [string])],
        },
      ],
      resources: [{ resource: 'recorder', mode: 'exclusive' }],
      inverse: { none: 'it stays' },
      deadlineMs: 300,
    });
  },
  async verify({ subject }) {
    const { changes } = JSON.parse((await subject.state()).body) as { changes: number };
    return {
      state: changes > 0 ? 'reached' : 'pending',
      summary: `It has received ${changes} changes.`,
      facts: { changes },
    };
  },
});

export default definePlugin({
  name: 'client',
  description: 'A server with several endpoints and a login',
  config: z.strictObject({
    endpoints: z.array(z.string()),
    attemptTimeoutMs: z.int().optional(),
    socketPath: z.string().optional(),
    password: z.string().optional().meta({ secret: true }),
  }),
  refusals: {},
  observations: [state],
  actions: [put],
  connect: ({ endpoints, attemptTimeoutMs, socketPath, password }, host) =>
    new ClientSubject(
      host.openClient({
        endpoints,
        ...(attemptTimeoutMs === undefined ? {} : { attemptTimeoutMs }),
        ...(socketPath === undefined ? {} : { socketPath }),
        ...(password === undefined
          ? {}
          : {
              login: {
                method: 'POST',
                path: '/login',
                body: JSON.stringify({ name: 'root', password }),
                tokenAt: '/token',
                headers: { authorization: 'Bearer ${token}' },
              },
            }),
      }),
    ),
});
