import * as fc from 'fast-check';
import { nearestNames } from 'operator-core';
import { describe, expect, it } from 'vitest';

const ACTIONS = ['transfer_leader', 'transfer_peer', 'drain_store', 'undrain_store'];

describe('nearestNames', () => {
  it.each([
    ['transfer_leadr', ACTIONS, ['transfer_leader', 'transfer_peer']],
    ['transfer-leader', ACTIONS, ['transfer_leader', 'transfer_peer']],
    ['TRANSFER_PEER', ACTIONS, ['transfer_peer', 'transfer_leader']],
    ['transfer', ACTIONS, ['transfer_leader', 'transfer_peer']],
    ['drain', ACTIONS, ['drain_store']],
    ['drain_stor', ACTIONS, ['drain_store', 'undrain_store']],
    ['prod-eu2', ['prod-eu', 'staging'], ['prod-eu']],
    ['rnu', ['run', 'undo'], ['run']],
    ['zz', ['do', 'up'], []],
    ['reboot', ACTIONS, []],
    ['', ACTIONS, []],
    ['x', [], []],
  ])('%j among %j: %j', (name, names, expected) => {
    expect(nearestNames(name, names)).toEqual(expected);
  });

  it('gives at most three names, all of them given ones, each once', () => {
    fc.assert(
      fc.property(fc.string(), fc.uniqueArray(fc.string()), (name, names) => {
        const nearest = nearestNames(name, names);
        expect(nearest.length).toBeLessThanOrEqual(3);
        expect(new Set(nearest).size).toBe(nearest.length);
        expect(names).toEqual(expect.arrayContaining([...nearest]));
      }),
    );
  });

  it('finds a name in spite of one mistyped letter, and puts the name itself first', () => {
    const letter = fc.constantFrom('a', 'e', 'l', 'n', 'o', 'q', 'r', 's', 't', 'x', '_');
    fc.assert(
      fc.property(fc.constantFrom(...ACTIONS), fc.nat(), letter, (name, at, typed) => {
        const index = at % name.length;
        const mistyped = name.slice(0, index) + typed + name.slice(index + 1);
        expect(nearestNames(mistyped, ACTIONS)).toContain(name);
        expect(nearestNames(name, ACTIONS)[0]).toBe(name);
      }),
    );
  });

  it('is not slowed down by a megabyte of nonsense', () => {
    expect(nearestNames('x'.repeat(1_000_000), ACTIONS)).toEqual([]);
  });
});
