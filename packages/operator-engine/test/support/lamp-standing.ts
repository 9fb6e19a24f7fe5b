import { draft, forSubject, nothingToDo, refuse } from 'operator-core';
import type { Inverse, PlanDraft, PlanOutcome, Verification } from 'operator-core';
import { z } from 'zod';
import type { Lamp, LampSubject } from './lamp-subject.ts';

const { defineAction } = forSubject<LampSubject>();

const lampId = z.int().min(1).describe('Number of the lamp');
const parameters = z.strictObject({
  lamp_id: lampId,
  patience_ms: z
    .int()
    .min(0)
    .default(5_000)
    .describe('Milliseconds until the effect must be there'),
  settle_ms: z.int().min(0).default(0).describe('Milliseconds for which it must stay'),
});

/** A change that sends the wanted state of one lamp. */
function change(
  id: number,
  wanted: Partial<Lamp>,
  different: Partial<PlanDraft> & { readonly inverse: Inverse },
): PlanDraft {
  const resource = `lamp:${id}`;
  const body = JSON.stringify(wanted);
  return draft({
    summary: `Make lamp ${id} ${body}.`,
    evidence: { bound: [], shown: [] },
    effects: [{ resource, description: 'changes' }],
    impact: [],
    requests: [{ purpose: 'change the lamp', method: 'POST', path: `/lamps/${id}`, body }],
    resources: [{ resource, mode: 'exclusive' }],
    deadlineMs: 5_000,
    ...different,
  });
}

function seen(isThere: boolean, lamp: Lamp | null): Verification {
  const summary = `The lamp is ${JSON.stringify(lamp)}.`;
  return { state: isThere ? 'reached' : 'pending', summary, facts: { lamp: { ...lamp } } };
}

/** A standing effect: the lamp cannot be switched until it is released. */
export const holdLamp = defineAction({
  name: 'hold_lamp',
  description: 'Keep a lamp as it is until it is released',
  riskLevel: 'medium',
  requiresApproval: false,
  parameters,
  async plan({ parameters: wanted, subject }) {
    const { lamp_id: id, patience_ms: deadlineMs, settle_ms: settleMs } = wanted;
    const lamp = await subject.readLamp(id);
    const standingEffect = { name: 'hold', resource: `lamp:${id}` };
    if (lamp?.held) {
      const message = 'Somebody holds it.';
      const refusal = { code: 'LAMP_LOCKED', message, facts: {}, remedy: 'Wait.' };
      return refuse(refusal, standingEffect);
    }
    const inverse = { action: 'release_lamp', parameters: { lamp_id: id } };
    const effects = [{ resource: `lamp:${id}`, description: 'is held', after: 'held' }];
    return change(id, { held: true }, { inverse, standingEffect, deadlineMs, settleMs, effects });
  },
  async verify({ parameters: { lamp_id: id }, subject }) {
    const lamp = await subject.readLamp(id);
    if (lamp?.wiring === 9) return { ...seen(false, lamp), state: 'superseded', wasReached: true };
    // Other wiring of a lamp shows that it was held before.
    if (lamp?.held !== true && lamp?.wiring === 2) {
      return { ...seen(false, lamp), state: 'failed', wasReached: true };
    }
    return seen(lamp?.held === true && lamp.veiled !== true, lamp);
  },
});

export const releaseLamp = defineAction({
  ...holdLamp,
  name: 'release_lamp',
  description: 'Let a lamp be switched again',
  async plan({
    parameters: { lamp_id: id, patience_ms: deadlineMs },
    subject,
  }): Promise<PlanOutcome> {
    const lamp = await subject.readLamp(id);
    if (lamp?.wiring === 9) {
      const message = 'It was welded meanwhile.';
      return refuse({ code: 'LAMP_LOCKED', message, facts: {}, remedy: 'Leave it.' });
    }
    if (!lamp?.held) return nothingToDo('Nobody holds it.', { lamp: { ...lamp } });
    const inverse = { action: 'hold_lamp', parameters: { lamp_id: id } };
    const before = lamp.pending === true ? 'held, and waited for' : 'held';
    const effects = [{ resource: `lamp:${id}`, description: 'is free', before, after: 'free' }];
    // Rewired or very bright meanwhile, it cannot be freed alone, or not without danger.
    const resources = [id, ...(lamp.wiring === 2 ? [id + 1] : [])].map(
      (one) => ({ resource: `lamp:${one}`, mode: 'exclusive' }) as const,
    );
    const risk = lamp.watts === 1000 ? ({ riskLevel: 'high' } as const) : {};
    return change(id, { held: false }, { inverse, deadlineMs, effects, resources, ...risk });
  },
  async verify({ parameters: { lamp_id: id }, subject }) {
    const lamp = await subject.readLamp(id);
    return seen(lamp?.held !== true, lamp);
  },
});

/** A slow change, which can be cancelled. */
export const switchLater = defineAction({
  ...holdLamp,
  name: 'switch_later',
  description: 'Have a lamp switched on when the house finds the time',
  async plan({ parameters: { lamp_id: id, patience_ms: deadlineMs }, subject }) {
    const ticket = `t-${(await subject.readLamp(id))?.wiring ?? 0}`;
    const inverse = { none: 'it is forgotten' };
    return change(id, { pending: true }, { inverse, deadlineMs, context: { ticket } });
  },
  async verify({ parameters: { lamp_id: id }, subject, context }) {
    const lamp = await subject.readLamp(id);
    return { ...seen(lamp?.on === true, lamp), facts: { lamp: { ...lamp }, context } };
  },
  cancel: ({ parameters: { lamp_id: id }, context }) =>
    context?.['ticket'] === 't-7'
      ? { none: 'ticket t-7 is final' }
      : { action: 'forget_later', parameters: { lamp_id: id } },
});

export const forgetLater = defineAction({
  ...holdLamp,
  name: 'forget_later',
  description: 'Have the house forget that it shall switch a lamp',
  riskLevel: 'low',
  async plan({ parameters: { lamp_id: id }, subject }): Promise<PlanOutcome> {
    const lamp = await subject.readLamp(id);
    if (!lamp?.pending) return nothingToDo('The house has nothing in hand.', {});
    return change(id, { pending: false }, { inverse: { none: 'it can be asked for again' } });
  },
  async verify({ parameters: { lamp_id: id }, subject }) {
    const lamp = await subject.readLamp(id);
    return seen(lamp?.pending !== true, lamp);
  },
});
