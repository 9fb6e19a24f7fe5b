import * as fc from 'fast-check';
import {
  draft,
  nothingToDo,
  OperatorError,
  parsePlanOutcome,
  parseVerification,
  refuse,
} from 'operator-core';
import type { Verification } from 'operator-core';
import { describe, expect, it } from 'vitest';
import { lampDraft } from './examples.ts';

const { kind, warnings, riskLevel, standingEffect, settleMs, context, ...small } = lampDraft;
const [request] = lampDraft.requests;
const refusal = {
  code: 'LAMP_UNKNOWN',
  message: 'No lamp 9.',
  facts: { lamps: 3 },
  remedy: 'List them.',
};

const reached: Verification = {
  state: 'reached',
  summary: 'It shines',
  facts: { power: { unknown: 'no meter' } },
  progress: { done: 1, total: 1, of: 'lamps' },
};

function misbehaviour(parse: () => unknown): OperatorError {
  try {
    parse();
  } catch (error) {
    if (OperatorError.isInstance(error)) return error;
    throw error;
  }
  throw new Error('it was accepted');
}

describe('parsePlanOutcome', () => {
  it.each([
    ['a draft with everything', lampDraft],
    ['a draft with nothing that may be left out', draft(small)],
    ['a refusal', refuse(refusal)],
    ['nothing to do', nothingToDo('It is on.', { state: 'on' })],
    [
      'an inverse that does not exist',
      draft({ ...small, inverse: { none: 'Light cannot be caught.' } }),
    ],
  ])('takes %s as it is', (_, outcome) => {
    expect(parsePlanOutcome('switch_lamp', outcome)).toEqual(outcome);
  });

  const fact = { name: 'lamp:1 state', value: 'on' };
  it.each([
    ['undefined', undefined, 'the whole'],
    ['a text', 'done', 'the whole'],
    ['an unknown kind', { kind: 'done' }, 'kind'],
    ['a refusal without remedy', refuse({ ...refusal, remedy: '' }), 'refusal.remedy'],
    ['facts that are a list', nothingToDo('On', [] as never), 'facts'],
    ['facts with undefined', nothingToDo('On', { a: undefined } as never), 'facts'],
    ['a misspelt member', { ...lampDraft, setleMs: 1 }, 'setleMs'],
    ['a member that is undefined', { ...lampDraft, settleMs: undefined }, 'settleMs'],
    ['a context that is no object', { ...lampDraft, context: 'b-17' }, 'context'],
    ['a context that is no JSON', { ...lampDraft, context: { at: new Date(0) } }, 'context'],
    ['no request', { ...lampDraft, requests: [] }, 'requests'],
    [
      'a request that reads',
      { ...lampDraft, requests: [{ ...request, method: 'HEAD' }] },
      'requests.0.method',
    ],
    [
      'a request to another server',
      { ...lampDraft, requests: [{ ...request, path: 'http://a/b' }] },
      'requests.0.path',
    ],
    [
      'a path that names another server',
      { ...lampDraft, requests: [{ ...request, path: '//a/b' }] },
      'requests.0.path',
    ],
    [
      'a path with a line break',
      { ...lampDraft, requests: [{ ...request, path: '/a\r\nX: y' }] },
      'requests.0.path',
    ],
    [
      'a path with a space',
      { ...lampDraft, requests: [{ ...request, path: '/a b' }] },
      'requests.0.path',
    ],
    [
      'a body that is no text',
      { ...lampDraft, requests: [{ ...request, body: {} }] },
      'requests.0.body',
    ],
    ['a second request that is none', { ...lampDraft, requests: [request, null] }, 'requests.1'],
    ['a deadline of NaN', { ...lampDraft, deadlineMs: Number.NaN }, 'deadlineMs'],
    ['a negative deadline', { ...lampDraft, deadlineMs: -1 }, 'deadlineMs'],
    ['a deadline of 0', { ...lampDraft, deadlineMs: 0 }, 'deadlineMs'],
    ['an endless deadline', { ...lampDraft, deadlineMs: Number.POSITIVE_INFINITY }, 'deadlineMs'],
    ['no resource', { ...lampDraft, resources: [] }, 'resources'],
    [
      'an effect on a resource with a space',
      { ...lampDraft, effects: [{ resource: 'lamp:the big one', description: 'it shines' }] },
      'effects.0.resource',
    ],
    [
      'a standing effect on a resource with a capital',
      { ...lampDraft, standingEffect: { name: 'light', resource: 'Lamp:1' } },
      'standingEffect.resource',
    ],
    ['a fraction of a millisecond', { ...lampDraft, deadlineMs: 0.5 }, 'deadlineMs'],
    [
      'an impact of NaN',
      { ...lampDraft, impact: [{ name: 'a', value: Number.NaN, unit: 'count' }] },
      'impact.0.value',
    ],
    [
      'an unknown without reason',
      { ...lampDraft, impact: [{ name: 'a', value: { unknown: '' }, unit: 'count' }] },
      'impact.0.value',
    ],
    [
      'a unit nobody knows',
      { ...lampDraft, impact: [{ name: 'a', value: 1, unit: 'miles' }] },
      'impact.0.unit',
    ],
    [
      'a fact without value',
      { ...lampDraft, evidence: { bound: [{ name: 'a' }], shown: [] } },
      'evidence.bound.0.value',
    ],
    [
      'a date as a fact',
      { ...lampDraft, evidence: { bound: [{ name: 'a', value: new Date(0) }], shown: [] } },
      'evidence.bound.0.value',
    ],
    [
      'two bound facts of one name',
      { ...lampDraft, evidence: { bound: [fact, fact], shown: [] } },
      'evidence.bound',
    ],
    ['an unknown risk', { ...lampDraft, riskLevel: 'none' }, 'riskLevel'],
    [
      'an inverse of two minds',
      { ...lampDraft, inverse: { none: 'No', action: 'a', parameters: {} } },
      'inverse',
    ],
    [
      'a claim of unknown mode',
      { ...lampDraft, resources: [{ resource: 'a', mode: 'both' }] },
      'resources.0.mode',
    ],
  ])('names the plugin, the action and the place: %s', (_, outcome, place) => {
    const error = misbehaviour(() => parsePlanOutcome('switch_lamp', outcome));
    expect(error).toMatchObject({ code: 'PLUGIN_MISBEHAVED', kind: 'plugin', retryable: false });
    expect(error.message).toContain('the plan of action switch_lamp');
    expect(error.message).toContain(place);
    expect(error.facts['issues']).toEqual([expect.stringContaining(place)]);
  });

  it.each(['lamp', 'lamp:1', 'lamp-post:http://a:1/b?c', 'big_lamp:a:b', 'lamp:Ä1'])(
    'takes %j for a resource',
    (resource) => {
      const outcome = { ...lampDraft, resources: [{ resource, mode: 'exclusive' }] };
      expect(parsePlanOutcome('switch_lamp', outcome)).toEqual(outcome);
    },
  );

  it.each(['', ':', 'lamp:', ':1', 'lamp 1', 'lamp: 1', 'lamp:1 ', 'Lamp:1', '1:lamp', 'lamp:1\n'])(
    'refuses %j as a resource',
    (resource) => {
      const outcome = { ...lampDraft, resources: [{ resource, mode: 'exclusive' }] };
      const error = misbehaviour(() => parsePlanOutcome('switch_lamp', outcome));
      expect(error.facts['issues']).toEqual([expect.stringContaining('resources.0.resource')]);
    },
  );

  it('names everything that is wrong with a draft at once', () => {
    const wrong = {
      ...lampDraft,
      resources: [],
      deadlineMs: 0,
      effects: [{ resource: 'the lamp', description: 'it shines' }],
      setleMs: 1,
    };
    const { facts } = misbehaviour(() => parsePlanOutcome('switch_lamp', wrong));
    expect(facts['issues']).toEqual([
      expect.stringContaining('effects.0.resource'),
      expect.stringContaining('resources: must name what the plan disturbs'),
      expect.stringContaining('deadlineMs'),
      expect.stringContaining('setleMs'),
    ]);
  });

  it.each([
    ['no origin at all', []],
    ['a path', ['http://a/b']],
    ['credentials', ['http://me:pass@a']],
    ['another spelling of an origin', ['http://A:80']],
    ['another protocol', ['file://a']],
    ['one origin twice', ['http://a', 'http://a']],
  ])('refuses a target that is %s', (_, target) => {
    const outcome = { ...lampDraft, requests: [{ ...request, target }] };
    const error = misbehaviour(() => parsePlanOutcome('switch_lamp', outcome));
    expect(error.facts['issues']).toEqual([expect.stringContaining('requests.0.target')]);
  });

  it('answers with that error, and no other, for any JavaScript value', () => {
    fc.assert(
      fc.property(fc.anything({ withBigInt: true, withMap: true }), (value) => {
        expect(misbehaviour(() => parsePlanOutcome('switch_lamp', value)).code).toBe(
          'PLUGIN_MISBEHAVED',
        );
        expect(misbehaviour(() => parseVerification('switch_lamp', value)).code).toBe(
          'PLUGIN_MISBEHAVED',
        );
      }),
    );
  });

  it('and for a value that throws when it is read', () => {
    const cause = new Error('do not touch');
    const throwing = new Proxy(
      {},
      {
        get: () => {
          throw cause;
        },
      },
    );
    const error = misbehaviour(() => parsePlanOutcome('switch_lamp', throwing));
    expect(error).toMatchObject({ code: 'PLUGIN_MISBEHAVED', cause });
  });
});

describe('parseVerification', () => {
  const { progress, ...withoutProgress } = reached;
  it.each([
    ['everything', reached],
    ['no progress', withoutProgress],
    ['pending', { ...withoutProgress, state: 'pending' }],
    ['failed', { ...withoutProgress, state: 'failed' }],
    ['superseded', { ...withoutProgress, state: 'superseded', wasReached: true }],
  ])('takes one with %s as it is', (_, verification) => {
    expect(parseVerification('switch_lamp', verification)).toEqual(verification);
  });

  it.each([
    ['true', true, 'the whole'],
    ['an unknown state', { ...reached, state: 'done' }, 'state'],
    ['no words', { ...reached, summary: '' }, 'summary'],
    [
      'progress of NaN',
      { ...reached, progress: { done: 0, total: Number.NaN, of: 'lamps' } },
      'progress.total',
    ],
    ['a bigint among the facts', { ...reached, facts: { id: 1n } }, 'facts'],
  ])('refuses %s', (_, value, place) => {
    const error = misbehaviour(() => parseVerification('switch_lamp', value));
    expect(error).toMatchObject({ code: 'PLUGIN_MISBEHAVED' });
    expect(error.message).toContain(`in the verification of action switch_lamp: ${place}`);
  });
});
