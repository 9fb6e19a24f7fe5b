import { definePlugin, draft, forSubject, nothingToDo, PLUGIN_KIND, refuse } from 'operator-core';
import { describe, expect, it } from 'vitest';
import { lampPlugin, observeLamps, switchLamp } from './examples.ts';

describe('definers', () => {
  const { kind: _kind, contract: _contract, ...spec } = lampPlugin;

  it('stamp a plugin with its kind, whatever the author wrote there', () => {
    const forged = { ...spec, kind: 'other' };
    expect(definePlugin(forged).kind).toBe(PLUGIN_KIND);
  });

  it('stamp a plugin with the contract that its author wrote, and with the first one otherwise', () => {
    expect(definePlugin(spec).contract).toBe('1.0');
    expect(definePlugin({ ...spec, contract: '1.0' }).contract).toBe('1.0');
    // As the types of a later copy of this package would let an author write it.
    expect(definePlugin({ ...spec, contract: '1.1' as '1.0' }).contract).toBe('1.1');
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
