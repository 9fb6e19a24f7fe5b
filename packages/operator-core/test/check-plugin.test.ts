import * as fc from 'fast-check';
import { checkPlugin, CONTRACT_VERSION, PLUGIN_KIND, readContractVersion } from 'operator-core';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { lampPlugin, switchLamp } from './examples.ts';

const throwing = new Proxy(
  {},
  {
    get() {
      throw new Error('do not touch');
    },
    has() {
      throw new Error('do not touch');
    },
    ownKeys() {
      throw new Error('do not touch');
    },
  },
);
const { proxy: revoked, revoke } = Proxy.revocable({}, {});
revoke();

const HOSTILE: readonly (readonly [string, unknown])[] = [
  ['nothing', undefined],
  ['null', null],
  ['a number', 1],
  ['a text', 'operator-subject-plugin'],
  ['a list', [lampPlugin]],
  ['a function', () => lampPlugin],
  ['a class', class Plugin extends Map {}],
  ['an empty object', {}],
  ['a promise of a plugin', Promise.resolve(lampPlugin)],
  ['an object that throws when it is read', throwing],
  ['a proxy that was revoked', revoked],
  ['another kind', { ...lampPlugin, kind: 'vite-plugin' }],
  ['a contract that is a number', { ...lampPlugin, contract: 1 }],
];

describe('readContractVersion', () => {
  it('reads the stamp', () => {
    expect(readContractVersion(lampPlugin)).toBe(CONTRACT_VERSION);
    expect(readContractVersion({ kind: PLUGIN_KIND, contract: '9.9' })).toBe('9.9');
  });

  it.each(HOSTILE)('is null for %s', (_, value) => {
    expect(readContractVersion(value)).toBeNull();
  });
});

describe('checkPlugin', () => {
  it('has nothing to say about a plugin that can be used', () => {
    expect(checkPlugin(lampPlugin)).toEqual([]);
  });

  it.each(HOSTILE)('says what is wrong with %s', (_, value) => {
    expect(checkPlugin(value)).not.toEqual([]);
  });

  it('answers for any JavaScript value, and for any value in any place of a plugin', () => {
    const place = fc.constantFrom(...Object.keys(lampPlugin));
    const value = fc.anything({ withBigInt: true, withMap: true, withNullPrototype: true });
    fc.assert(
      fc.property(value, place, (odd, name) => {
        expect(checkPlugin(odd)).not.toEqual([]);
        expect(Array.isArray(checkPlugin({ ...lampPlugin, [name]: odd }))).toBe(true);
        expect(
          Array.isArray(checkPlugin({ ...lampPlugin, actions: [{ ...switchLamp, [name]: odd }] })),
        ).toBe(true);
      }),
    );
  });

  const without = (name: string) =>
    Object.fromEntries(Object.entries(lampPlugin).filter(([key]) => key !== name));
  it.each(['name', 'description', 'config', 'refusals', 'observations', 'actions', 'connect'])(
    'misses %s',
    (name) => {
      expect(checkPlugin(without(name))).toEqual([expect.stringContaining(`${name}: `)]);
    },
  );

  const action = (different: object) => ({ actions: [{ ...switchLamp, ...different }] });
  it.each([
    ['a name that is not kebab-case', { name: 'Lamp_1' }, 'name: must be kebab-case'],
    ['an empty description', { description: '' }, 'description: '],
    ['a config that is no schema', { config: { type: 'object' } }, 'config: must be a schema'],
    ['a refusal code in small letters', { refusals: { unknown: 'No' } }, 'refusals.unknown: '],
    ['a refusal without meaning', { refusals: { UNKNOWN: '' } }, 'refusals.UNKNOWN: '],
    ['a read by DELETE', { reads: [{ method: 'DELETE', path: '/range' }] }, 'reads.0.method: '],
    [
      'a read with a pattern that is none',
      { reads: [{ method: 'POST', path: { pattern: '(' } }] },
      'reads.0.path: ',
    ],
    [
      'a read with a body that compares nothing',
      { reads: [{ method: 'POST', path: '/range', body: { has: [] } }] },
      'reads.0.body: ',
    ],
    ['statements without names', { reads: [{ protocol: 'resp' }] }, 'reads.0.names: '],
    ['a write by POST', { writes: [{ method: 'POST', path: '/a' }] }, 'writes.0.method: '],
    ['a guard that does not exist', { guard: 'some' }, 'guard: must be none'],
    [
      'a read of another server',
      { reads: [{ method: 'POST', path: 'http://a' }] },
      'reads.0.path: ',
    ],
    ['an unknown risk', action({ riskLevel: 'none' }), 'actions.0.riskLevel: '],
    [
      'no word on approval',
      action({ requiresApproval: undefined }),
      'actions.0.requiresApproval: ',
    ],
    [
      'hints that are no hints',
      action({ hints: { destructive: 'no' } }),
      'actions.0.hints.destructive: ',
    ],
    [
      'parameters that are data',
      action({ parameters: {} }),
      'actions.0.parameters: must be a schema',
    ],
    [
      'a schema that only validates',
      action({ parameters: onlyValidates() }),
      'actions.0.parameters: ',
    ],
    ['no plan', action({ plan: null }), 'actions.0.plan: must be a function'],
    ['no verify', action({ verify: undefined }), 'actions.0.verify: must be a function'],
    [
      'an execute that is none',
      action({ execute: 'curl' }),
      'actions.0.execute: must be a function',
    ],
    [
      'an action without words',
      action({ description: ' ' }),
      'action switch_lamp: has no description',
    ],
    [
      'parameters without words',
      action({ parameters: z.strictObject({ a: z.string() }) }),
      'action switch_lamp: parameter a has no description',
    ],
    [
      'the same action twice',
      { actions: [switchLamp, switchLamp] },
      'action switch_lamp: its name is used more than once',
    ],
    [
      'an observation without read',
      { observations: [{ ...lampPlugin.observations[0], read: 1 }] },
      'observations.0.read: must be a function',
    ],
    [
      'a view with odd columns',
      { observations: [{ ...lampPlugin.observations[0], view: { columns: ['a'] } }] },
      'observations.0.view.columns.0: ',
    ],
    [
      'a unit nobody knows',
      {
        observations: [
          {
            ...lampPlugin.observations[0],
            view: { columns: [{ key: 'a', title: 'A', unit: 'miles' }] },
          },
        ],
      },
      'observations.0.view.columns.0.unit: ',
    ],
    [
      'the same observation twice',
      { observations: [...lampPlugin.observations, ...lampPlugin.observations] },
      'observation lamps: its name is used more than once',
    ],
  ])('refuses %s', (_, different, words) => {
    expect(checkPlugin({ ...lampPlugin, ...different })).toEqual([expect.stringContaining(words)]);
  });

  it('names everything at once', () => {
    const wrong = { ...lampPlugin, name: '', actions: [{ ...switchLamp, plan: 1, verify: 2 }] };
    expect(checkPlugin(wrong)).toHaveLength(3);
  });

  it('names every member that the contract does not know, and the one that is probably meant', () => {
    const [observeLamps] = lampPlugin.observations;
    const wrong = {
      ...lampPlugin,
      read: [],
      actions: [{ ...switchLamp, cancle: () => ({ none: 'no' }), hints: { idempotant: true } }],
      observations: [{ ...observeLamps, view: { columns: [], colour: 'red' } }],
      reads: [{ method: 'POST', path: '/range', headers: {} }],
    };
    expect(checkPlugin(wrong)).toEqual([
      'observations.0.view.colour: is not a member that the contract knows',
      'actions.0.hints.idempotant: is not a member that the contract knows; is it `idempotent`?',
      'actions.0.cancle: is not a member that the contract knows; is it `cancel`?',
      'reads.0.headers: is not a member that the contract knows',
      'read: is not a member that the contract knows; is it `reads`?',
    ]);
  });
});

function onlyValidates(): unknown {
  return { '~standard': { version: 1, vendor: 'none', validate: () => ({ value: 1 }) } };
}

describe('the pages of an observation', () => {
  const parameters = z.strictObject({
    after: z.string().optional().describe('Cursor'),
    limit: z.int().default(9).describe('Most rows'),
    must: z.string().describe('Required'),
  });
  const names = { rows: 'rows', next: 'next', cursor: 'after', limit: 'limit' };
  const issuesOf = (pages: object): readonly string[] => {
    const read = async (): Promise<unknown> => null;
    const observation = { name: 'keys', description: 'Keys.', parameters, pages, read };
    return checkPlugin({ ...lampPlugin, observations: [observation] });
  };

  it('name optional parameters of the observation', () => {
    expect(issuesOf(names)).toEqual([]);
  });

  it.each([
    [{ ...names, cursor: 'limit' }, 'cursor must name an optional parameter of type string'],
    [{ ...names, cursor: 'must' }, 'cursor must name an optional parameter of type string'],
    [{ ...names, limit: 'none' }, 'limit must name an optional parameter of type integer'],
    [{ ...names, limit: undefined }, 'limit: '],
  ])('are a mistake as %j', (pages, message) => {
    expect(issuesOf(pages).join()).toContain(message);
  });
});
