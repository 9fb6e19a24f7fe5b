import { draft, forSubject, nothingToDo } from 'operator-core';
import type { PlanDraft, Subject } from 'operator-core';
import { z } from 'zod';

/** A lamp server that remembers which lamps are held. */
export interface Holding extends Subject {
  holds(signal: AbortSignal): Promise<Holds>;
}

/** The held lamps, and the note of the lamp server on them. */
export interface Holds {
  readonly held: readonly number[];
  readonly note: string;
}

const { defineAction } = forSubject<Holding>();
const lampId = z.int().min(1).max(99).meta({ entity: 'lamp' });

function change(
  id: number,
  { method, note }: { method: 'POST' | 'DELETE'; note: string },
): Omit<PlanDraft, 'kind' | 'inverse'> {
  const isHeld = method === 'DELETE';
  return {
    summary: `${isHeld ? 'Release' : 'Hold'} lamp ${id}.`,
    evidence: {
      bound: [
        { name: `lamp:${id} held`, value: isHeld },
        { name: 'note', value: note },
      ],
      shown: [],
    },
    effects: [{ resource: `lamp:${id}`, description: 'it is left alone', before: isHeld }],
    impact: [],
    requests: [{ purpose: 'tell the house', method, path: `/holds/${id}`, body: null }],
    resources: [{ resource: `lamp:${id}`, mode: 'exclusive' }],
    deadlineMs: 5_000,
  };
}

/** A standing effect: it stays until the lamp is released. */
export const holdLamp = defineAction({
  name: 'hold_lamp',
  description: 'Have a lamp left alone until it is released',
  riskLevel: 'medium',
  requiresApproval: false,
  parameters: z.strictObject({ lamp_id: lampId.describe('Which lamp') }),
  async plan({ parameters: { lamp_id }, subject, signal }) {
    const { held, note } = await subject.holds(signal);
    if (held.includes(lamp_id))
      return nothingToDo(`Lamp ${lamp_id} is held already.`, { held: true });
    return draft({
      ...change(lamp_id, { method: 'POST', note }),
      inverse: { action: 'release_lamp', parameters: { lamp_id } },
      standingEffect: { name: 'hold', resource: `lamp:${lamp_id}` },
    });
  },
  async verify({ parameters: { lamp_id }, subject, signal }) {
    const isHeld = (await subject.holds(signal)).held.includes(lamp_id);
    const summary = `Lamp ${lamp_id} is ${isHeld ? '' : 'not '}held.`;
    return { state: isHeld ? 'reached' : 'pending', summary, facts: { held: isHeld } };
  },
});

export const releaseLamp = defineAction({
  ...holdLamp,
  name: 'release_lamp',
  description: 'Release a lamp that is held',
  riskLevel: 'low',
  async plan({ parameters: { lamp_id }, subject, signal }) {
    const { held, note } = await subject.holds(signal);
    if (!held.includes(lamp_id))
      return nothingToDo(`Lamp ${lamp_id} is not held.`, { held: false });
    const inverse = { action: 'hold_lamp', parameters: { lamp_id } };
    return draft({ ...change(lamp_id, { method: 'DELETE', note }), inverse });
  },
  async verify({ parameters: { lamp_id }, subject, signal }) {
    const isHeld = (await subject.holds(signal)).held.includes(lamp_id);
    const summary = `Lamp ${lamp_id} is ${isHeld ? 'still ' : 'not '}held.`;
    return { state: isHeld ? 'pending' : 'reached', summary, facts: { held: isHeld } };
  },
});
