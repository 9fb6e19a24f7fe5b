import {
  CONTRACT_VERSION,
  definePlugin,
  draft,
  forSubject,
  nothingToDo,
  PLUGIN_KIND,
  refuse,
} from 'operator-core';
import { describe, expect, it } from 'vitest';
import { lampPlugin, observeLamps, switchLamp } from './examples.ts';

describe('definers', () => {
  it('stamp a plugin with its kind and contract, whatever the author wrote there', () => {
    const { kind, contract, ...spec } = lampPlugin;
    const forged = { ...spec, kind: 'other', contract: '9.9' };
    expect(definePlugin(forged)).toMatchObject({ kind: PLUGIN_KIND, contract: CONTRACT_VERSION });
  });

  it('freeze what they define', () => {
    const { defineAction, defineObservation } = forSubject();
    for (const defined of [
      switchLamp,
      observeLamps,
      lampPlugin,
      defineAction({ ...switchLamp }),
      defineObservation({ ...observeLamps }),
    ]) {
      expect(Object.isFrozen(defined)).toBe(true);
    }
  });

  it('make outcomes of planning', () => {
    const refusal = {
      code: 'DARK',
      message: 'It is dark.',
      facts: {},
      remedy: 'Wait for the day.',
    };
    expect(refuse(refusal)).toEqual({ kind: 'refused', refusal });
    expect(nothingToDo('It is on.', { lamp: 1 })).toEqual({
      kind: 'nothing_to_do',
      summary: 'It is on.',
      facts: { lamp: 1 },
    });
    expect(draft({} as never)).toEqual({ kind: 'draft' });
  });
});
