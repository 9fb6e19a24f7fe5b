import {
  checkPlugin,
  defineAction,
  draft,
  parsePlanOutcome,
  parseVerification,
} from 'operator-core';
import type { Subject, VerifyContext } from 'operator-core';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { lampDraft, lampPlugin } from './examples.ts';

/** A lamp whose one reading serves `plan` and `verify`, and the number of readings. */
function createSwitch(lamp: { on: boolean; watts: number }) {
  const looks: VerifyContext<{ on: boolean }, Subject>[] = [];
  const action = defineAction({
    name: 'switch_lamp',
    description: 'Switch a lamp',
    riskLevel: 'low',
    requiresApproval: false,
    parameters: z.strictObject({ on: z.boolean().describe('How it is to be') }),
    look: async (context) => {
      looks.push(context);
      return {
        state: lamp.on === context.parameters.on ? 'reached' : 'pending',
        summary: `The lamp is ${lamp.on ? 'on' : 'off'}.`,
        facts: { on: lamp.on },
        seen: lamp,
      };
    },
    plan: async ({ seen }) => draft({ ...lampDraft, summary: `A lamp of ${seen.watts} W.` }),
  });
  return { action, looks };
}

const subject = {} as Subject;
const { signal } = new AbortController();

describe('an action in short form', () => {
  it('plans with what it has seen, from one look that knows no plan', async () => {
    const { action, looks } = createSwitch({ on: false, watts: 40 });
    const outcome = await action.plan({ parameters: { on: true }, subject, signal });
    expect(parsePlanOutcome('switch_lamp', outcome)).toMatchObject({ summary: 'A lamp of 40 W.' });
    const notSent = { plan: null, context: null, captured: {}, sentAt: null, answerLost: false };
    expect(looks).toEqual([{ parameters: { on: true }, subject, signal, ...notSent }]);
  });

  it('has nothing to do where the effect is there, in the words of the look', async () => {
    const { action } = createSwitch({ on: true, watts: 40 });
    expect(await action.plan({ parameters: { on: true }, subject, signal })).toEqual({
      kind: 'nothing_to_do',
      summary: 'The lamp is on.',
      facts: { on: true },
    });
  });

  it('verifies by the same look, without what only planning needs', async () => {
    const { action, looks } = createSwitch({ on: true, watts: 40 });
    const context = {
      parameters: { on: true },
      subject,
      signal,
      plan: null,
      context: { bulb: 'b-17' },
      captured: {},
      sentAt: 5,
      answerLost: true,
    };
    const verification = await action.verify(context);
    expect(parseVerification('switch_lamp', verification)).toEqual({
      state: 'reached',
      summary: 'The lamp is on.',
      facts: { on: true },
    });
    expect(looks).toEqual([context]);
  });

  it('is frozen, and a plugin takes it as any other', () => {
    const { action } = createSwitch({ on: true, watts: 40 });
    expect(Object.isFrozen(action)).toBe(true);
    expect(action).not.toHaveProperty('look');
    expect(checkPlugin({ ...lampPlugin, actions: [action] })).toEqual([]);
  });
});
