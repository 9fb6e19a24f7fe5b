import { definePlugin, draft, forSubject } from 'operator-core';
import type { PlannedRequest, SendResult, Subject, SystemIdentity } from 'operator-core';
import * as z from 'zod';

/** A system that answers at once and costs nothing: what is left of a run is the gate's. */
class Switchboard implements Subject {
  async identify(): Promise<SystemIdentity> {
    return { kind: 'switchboard', id: '1' };
  }

  async send(_request: PlannedRequest): Promise<SendResult> {
    return { outcome: 'accepted', status: 200, answer: 'done' };
  }

  async close(): Promise<void> {}
}

const { defineAction } = forSubject<Switchboard>();

const press = defineAction({
  name: 'press_switch',
  description: 'Press one switch',
  riskLevel: 'medium',
  requiresApproval: false,
  parameters: z.strictObject({ switch_id: z.int().min(1).describe('Number of the switch') }),
  async plan({ parameters: { switch_id: id } }) {
    const resource = `switch:${id}`;
    return draft({
      summary: `Press switch ${id}.`,
      evidence: { bound: [{ name: `${resource} wiring`, value: id }], shown: [] },
      effects: [{ resource, description: 'it was pressed' }],
      impact: [],
      requests: [{ purpose: 'press it', method: 'POST', path: `/switches/${id}`, body: null }],
      resources: [{ resource, mode: 'exclusive' }],
      inverse: { none: 'What was pressed was pressed.' },
      deadlineMs: 5_000,
    });
  },
  async verify({ parameters: { switch_id: id } }) {
    return { state: 'reached', summary: `Switch ${id} was pressed.`, facts: { switchId: id } };
  },
});

export default definePlugin({
  name: 'switchboard',
  description: 'Switches that do nothing',
  config: z.strictObject({}),
  refusals: {},
  observations: [],
  actions: [press],
  async connect() {
    return new Switchboard();
  },
});
