import { definePlugin, draft, forSubject, isHttpRequest } from 'operator-core';
import type { PluginHost, SendResult, Subject, TargetedRequest } from 'operator-core';
import { z } from 'zod';
import { TallyClient } from './tally-client.ts';

/** Ways in which the plugin of these tests sends. */
export type Manner =
  | 'spends'
  | 'spends_twice'
  | 'spends_another'
  | 'sends_bare'
  | 'sends_past_the_host'
  | 'plan_adds'
  | 'plan_spends';

/** The tally server as a plugin sees it. */
export class TallySubject implements Subject {
  readonly client: TallyClient;
  readonly manner: Manner;
  readonly #host: PluginHost;

  constructor(port: number, manner: Manner, host: PluginHost) {
    this.client = new TallyClient(port, host);
    this.manner = manner;
    this.#host = host;
  }

  async identify() {
    return { kind: 'tally', id: await this.client.ask('ID') };
  }

  async get(name: string): Promise<number> {
    return Number(await this.client.ask('GET', name));
  }

  async send(request: TargetedRequest): Promise<SendResult> {
    if (isHttpRequest(request)) throw new Error('tallies do not speak HTTP');
    const words = request.statement as string[];
    const add = async (): Promise<SendResult> => judge(await this.client.ask(...words));
    switch (this.manner) {
      case 'spends_twice':
        await this.#host.spend(request, add);
        return this.#host.spend(request, add);
      case 'spends_another':
        return this.#host.spend({ ...request, statement: ['ADD', 'other', '1'] }, add);
      case 'sends_bare':
        return add();
      case 'sends_past_the_host':
        return judge(await this.client.askPastTheHost(...words));
      default:
        return this.#host.spend(request, add);
    }
  }

  async spendWhilePlanning(): Promise<void> {
    const statement = ['ADD', 'a', '1'];
    const request = { purpose: '', protocol: 'tally', statement, text: 'ADD a 1', target: [] };
    await this.#host.spend(request, async () => judge(await this.client.ask(...statement)));
  }

  async close(): Promise<void> {
    // Each command has a connection of its own.
  }
}

function judge(answer: string): SendResult {
  return { outcome: answer.startsWith('NO') ? 'refused' : 'accepted', answer };
}

const { defineAction } = forSubject<TallySubject>();

const add = defineAction({
  name: 'add',
  description: 'Add to a tally.',
  riskLevel: 'low',
  requiresApproval: false,
  parameters: z.strictObject({
    name: z.string().describe('Name of the tally'),
    amount: z.int().describe('What is added'),
  }),
  async plan({ parameters: { name, amount }, subject }) {
    if (subject.manner === 'plan_adds') await subject.client.ask('ADD', name, '1').catch(() => '');
    if (subject.manner === 'plan_spends') await subject.spendWhilePlanning().catch(() => undefined);
    const before = await subject.get(name);
    const statement = ['ADD', name, String(amount)];
    return draft({
      summary: `Add ${amount} to ${name}.`,
      evidence: { bound: [{ name: `tally:${name}`, value: before }], shown: [] },
      effects: [
        { resource: `tally:${name}`, description: 'it grows', before, after: before + amount },
      ],
      impact: [],
      requests: [{ purpose: 'add', protocol: 'tally', statement, text: statement.join(' ') }],
      resources: [{ resource: `tally:${name}`, mode: 'exclusive' }],
      inverse: { action: 'add', parameters: { name, amount: -amount } },
      deadlineMs: 1_000,
      context: { expected: before + amount },
    });
  },
  async verify({ parameters: { name }, context, subject }) {
    const now = await subject.get(name);
    const state = now === context?.['expected'] ? 'reached' : 'pending';
    return { state, summary: `It is ${now}.`, facts: { now } };
  },
});

/** Everything but the guard: a plugin for a system that is not reached by HTTP. */
export const tallySpec = {
  name: 'tally',
  description: 'A server of tallies with a protocol of its own',
  config: z.strictObject({
    port: z.int(),
    manner: z.custom<Manner>((value) => typeof value === 'string').meta({ type: 'string' }),
  }),
  refusals: {},
  observations: [],
  actions: [add],
  reads: [{ protocol: 'tally', names: ['ID', 'GET'] }],
  connect: (
    { port, manner }: { readonly port: number; readonly manner: Manner },
    host: PluginHost,
  ): TallySubject => new TallySubject(port, manner, host),
};

export default definePlugin(tallySpec);
