import { defineAction, definePlugin, draft, nothingToDo } from 'operator-core';
import { request } from 'undici';
import { z } from 'zod';

const switchLamp = defineAction({
  name: 'switch_lamp', description: 'Switch the lamp on or off.', riskLevel: 'low', requiresApproval: false,
  parameters: z.strictObject({ on: z.boolean().describe('true: on, false: off') }),
  async plan({ parameters: { on }, subject }) {
    const lamp = await subject.read();
    if (lamp.on === on) return nothingToDo(`The lamp is already ${on ? 'on' : 'off'}.`, lamp);
    return draft({ summary: `Switch the lamp ${on ? 'on' : 'off'}.`, impact: [], resources: [{ resource: 'lamp', mode: 'exclusive' }],
      evidence: { bound: [{ name: 'lamp is on', value: lamp.on }], shown: [] },
      effects: [{ resource: 'lamp', description: 'the light changes', before: lamp.on, after: on }],
      requests: [{ purpose: 'switch it', method: 'PUT', path: '/lamp', body: JSON.stringify({ on }) }],
      inverse: { action: 'switch_lamp', parameters: { on: lamp.on } }, deadlineMs: 5000 });
  },
  async verify({ parameters: { on }, subject }) {
    const lamp = await subject.read();
    return { state: lamp.on === on ? 'reached' : 'pending', summary: `It is ${lamp.on ? 'on' : 'off'}.`, facts: lamp };
  },
});

export default definePlugin({
  name: 'lamp', description: 'A lamp with an HTTP switch.', config: z.strictObject({ url: z.url() }),
  refusals: {}, observations: [], actions: [switchLamp],
  connect({ url }, host) {
    // Reads only: the gate alone lets a planned request through, and only to an origin of its target.
    const dispatcher = host.openHttp({ origins: [new URL(url).origin] });
    const read = async () => (await request(new URL('/lamp', url), { dispatcher })).body.json();
    const send = async ({ path, method, body }) => {
      const { statusCode: status, body: answer } = await request(new URL(path, url), { dispatcher, method, body });
      return { outcome: status === 200 ? 'accepted' : 'refused', status, answer: await answer.text() };
    };
    return { read, send, identify: async () => ({ kind: 'lamp', id: (await read()).id }), close: async () => {} };
  },
});
