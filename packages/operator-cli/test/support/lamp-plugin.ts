import {
  advise,
  definePlugin,
  draft,
  forSubject,
  nothingToDo,
  OperatorError,
  refuse,
  unknownBecause,
} from 'operator-core';
import type { Diagnosis, HttpDispatcher, TargetedHttpRequest, SendResult } from 'operator-core';
import { request } from 'undici';
import type { Dispatcher } from 'undici';
import { z } from 'zod';
import { holdLamp, releaseLamp } from './lamp-holds.ts';
import type { Holding, Holds } from './lamp-holds.ts';

interface Lamp {
  readonly id: number;
  readonly on: boolean;
  readonly watts: number | null;
}

class House implements Holding {
  readonly #url: string;
  readonly #dispatcher: Dispatcher;

  constructor(url: string, dispatcher: HttpDispatcher) {
    this.#url = url;
    this.#dispatcher = dispatcher as unknown as Dispatcher;
  }

  async identify({ signal }: { signal?: AbortSignal } = {}) {
    const { id, version } = (await this.#read('/house', signal)) as { id: string; version: string };
    return { kind: 'house', id, version };
  }

  async lamps(signal: AbortSignal): Promise<readonly Lamp[]> {
    return (await this.#read('/lamps', signal)) as Lamp[];
  }

  async holds(signal: AbortSignal): Promise<Holds> {
    return (await this.#read('/holds', signal)) as Holds;
  }

  async send({ method, path, body }: TargetedHttpRequest): Promise<SendResult> {
    try {
      const answer = await this.#request(path, { method, body });
      const text = String(JSON.parse(await answer.body.text()));
      if (answer.statusCode === 200) return { outcome: 'accepted', status: 200, answer: text };
      return { outcome: 'refused', status: answer.statusCode, answer: text, certain: true };
    } catch (error) {
      return { outcome: 'unknown', reason: (error as Error).message };
    }
  }

  async diagnose(): Promise<readonly Diagnosis[]> {
    const remedy = 'Call an electrician.';
    try {
      const { version } = await this.identify();
      return [
        { check: `house ${this.#url}`, state: 'ok', message: `It answers, version ${version}.` },
        { check: 'fuses', state: 'warning', message: 'One fuse is old.', remedy },
      ];
    } catch (error) {
      const { message } = error as Error;
      return [{ check: `house ${this.#url}`, state: 'failed', message, remedy }];
    }
  }

  async close(): Promise<void> {
    // The host closes the dispatcher.
  }

  async #read(path: string, signal?: AbortSignal): Promise<unknown> {
    try {
      const answer = await this.#request(path, signal === undefined ? {} : { signal });
      return await answer.body.json();
    } catch (cause) {
      throw new OperatorError({
        code: 'HOUSE_UNREACHABLE',
        kind: 'unreachable',
        message: `The house ${this.#url} does not answer.`,
        remedy: 'Look whether it is there.',
        retryable: true,
        cause,
      });
    }
  }

  #request(path: string, options: object): Promise<Dispatcher.ResponseData> {
    return request(`${this.#url}${path}`, { dispatcher: this.#dispatcher, ...options });
  }
}

const { defineAction, defineObservation } = forSubject<House>();
const lampId = z.int().min(1).max(99).meta({ entity: 'lamp' });

const switchLamp = defineAction({
  name: 'switch_lamp',
  description: 'Switch a lamp on or off',
  riskLevel: 'medium',
  requiresApproval: false,
  hints: { idempotent: true, destructive: false },
  parameters: z.strictObject({
    lamp_id: lampId.describe('Which lamp'),
    on: z.boolean().default(true).describe('Whether it shall shine'),
    deadline_ms: z.int().min(1).default(5_000).describe('How long it may take'),
    tags: z.array(z.string()).optional().describe('Notes for the protocol'),
  }),
  async plan({ parameters, subject, signal }) {
    const { lamp_id, on, deadline_ms } = parameters;
    const lamps = await subject.lamps(signal);
    const lamp = lamps.find(({ id }) => id === lamp_id);
    if (lamp === undefined) {
      return refuse({
        code: 'LAMP_UNKNOWN',
        message: `There is no lamp ${lamp_id}.`,
        facts: { lampId: lamp_id, lamps: lamps.map(({ id }) => id) },
        remedy: advise`See ${{ operation: 'observe', observation: 'lamps' }}.`,
      });
    }
    if (lamp.on === on) {
      return nothingToDo(`Lamp ${lamp_id} is ${on ? 'on' : 'off'} already.`, { on });
    }
    return draft({
      summary: `Switch lamp ${lamp_id} ${on ? 'on' : 'off'}.`,
      evidence: {
        bound: [{ name: `lamp:${lamp_id} on`, value: lamp.on }],
        shown: [{ name: `lamp:${lamp_id} memory`, value: 1536, unit: 'bytes' }],
      },
      effects: [
        { resource: `lamp:${lamp_id}`, description: 'it shines', before: lamp.on, after: on },
      ],
      impact: [
        { name: 'lamps', value: 1, unit: 'count' },
        { name: 'power', value: unknownBecause('no meter'), unit: 'count' },
      ],
      warnings: ['Somebody may be asleep.'],
      requests: [
        {
          purpose: 'throw the switch',
          method: 'POST',
          path: `/lamps/${lamp_id}`,
          body: JSON.stringify({ on }),
        },
      ],
      resources: [{ resource: `lamp:${lamp_id}`, mode: 'exclusive' }],
      inverse: { action: 'switch_lamp', parameters: { lamp_id, on: !on } },
      deadlineMs: deadline_ms,
      settleMs: 50,
    });
  },
  async verify({ parameters, subject, signal }) {
    const lamps = await subject.lamps(signal);
    const reached = lamps.find(({ id }) => id === parameters.lamp_id)?.on === parameters.on;
    return {
      state: reached ? 'reached' : 'pending',
      summary: `Lamp ${parameters.lamp_id} is ${reached === parameters.on ? 'on' : 'off'}.`,
      facts: { reached },
      progress: { done: reached ? 1 : 0, total: 1, of: 'lamps' },
    };
  },
});

const burnDown = defineAction({
  ...switchLamp,
  name: 'burn_down',
  description: 'Burn the house down',
  riskLevel: 'high',
  requiresApproval: true,
});

const actions = [switchLamp, burnDown, holdLamp, releaseLamp];

const observations = [
  defineObservation({
    name: 'lamps',
    description: 'All lamps of the house',
    parameters: z.strictObject({ on: z.boolean().optional().describe('Only those that are on') }),
    view: {
      rows: 'lamps',
      columns: [
        { key: 'id', title: 'Lamp' },
        { key: 'on', title: 'On' },
        { key: 'memory', title: 'Memory', unit: 'bytes' },
        { key: 'nested.load', title: 'Load', unit: 'ratio' },
      ],
    },
    async read({ parameters, subject, signal }) {
      const lamps = await subject.lamps(signal);
      const shown = lamps.filter(({ on }) => parameters.on === undefined || on === parameters.on);
      return {
        house: 'red',
        lamps: shown.map(({ id, on, watts }) => ({
          id,
          on,
          memory: watts ?? unknownBecause('the lamp has no meter'),
          nested: { load: id / 10 },
        })),
      };
    },
  }),
  defineObservation({
    name: 'lamp',
    description: 'One lamp',
    parameters: z.strictObject({ lamp_id: lampId.describe('Which lamp') }),
    view: {
      columns: [
        { key: 'id', title: 'Lamp' },
        { key: 'watts', title: 'Power', unit: 'count' },
      ],
    },
    async read({ parameters, subject, signal }) {
      const lamps = await subject.lamps(signal);
      return lamps.find(({ id }) => id === parameters.lamp_id) ?? {};
    },
  }),
  defineObservation({
    name: 'raw',
    description: 'Everything as it comes',
    parameters: z.strictObject({}),
    read: async ({ subject, signal }) => ({ lamps: (await subject.lamps(signal)).length }),
  }),
];

export default definePlugin({
  name: 'lamps',
  description: 'Lamps of a house',
  config: z.strictObject({
    houseUrl: z
      .url()
      .describe('URL of the lamp server')
      .meta({ examples: ['http://127.0.0.1:80'] }),
    rooms: z.array(z.string()).optional().describe('Only these rooms'),
    tokenFile: z.string().optional().describe('File with the key of the lamp server'),
  }),
  refusals: { LAMP_UNKNOWN: 'There is no such lamp.' },
  observations,
  actions,
  connect: (config, host) => new House(config.houseUrl, host.openHttp()),
});
