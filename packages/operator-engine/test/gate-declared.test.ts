import { describe, expect, it } from 'vitest';
import { failureOf } from './support/errors.ts';
import { findSuggestionIssues } from '../src/policy/suggestion-issues.ts';
import { openPlugin } from './support/open-plugin.ts';

const PLUGIN = new URL('support/declared-plugin.ts', import.meta.url);
const SOUND = { version: '3.4.27', value: { size: 1 } };

describe('the result of an observation', () => {
  it('is described by its schema, and given when it fits', async () => {
    await using opened = await openPlugin(PLUGIN, SOUND);
    const [definition] = opened.subject.observations.getDefinitions();
    expect(definition?.resultSchema).toMatchObject({
      properties: { size: { type: 'integer', description: 'Its size' } },
    });
    expect((await opened.subject.observe('value', {})).value).toEqual({ size: 1 });
  });

  it.each([{ size: 'large' }, { size: 1, weight: 2 }, 7])(
    'is refused when it does not fit: %j',
    async (value) => {
      await using opened = await openPlugin(PLUGIN, { ...SOUND, value });
      const error = await failureOf(opened.subject.observe('value', {}));
      expect(error).toMatchObject({
        code: 'PLUGIN_MISBEHAVED',
        message: expect.stringContaining('observation value'),
      });
    },
  );
});

describe('the version of the system', () => {
  it.each(['3.4', '3.4.0', 'v3.10.1', '3.99-rc.1'])('is supported: %s', async (version) => {
    await using opened = await openPlugin(PLUGIN, { ...SOUND, version });
    expect((await opened.plan('change', {})).effects[0]?.unit).toBe('bytes');
    const found = await opened.subject.diagnose();
    expect(found.filter(({ state }) => state === 'failed')).toEqual([]);
  });

  it.each([
    ['3.3.99', /3\.4 or newer and older than 4; paper 1 has version 3\.3\.99/u],
    ['4.0.0', /has version 4\.0\.0/u],
    [undefined, /tells no version/u],
    ['unstable', /has version unstable/u],
  ])('is refused before anything is planned: %s', async (version, message) => {
    await using opened = await openPlugin(PLUGIN, { ...SOUND, version });
    const error = await failureOf(opened.plan('change', {}));
    expect(error).toMatchObject({
      code: 'SYSTEM_NOT_SUPPORTED',
      message: expect.stringMatching(message),
    });
    expect(await opened.subject.diagnose()).toContainEqual(
      expect.objectContaining({
        check: 'version',
        state: 'failed',
        facts: expect.objectContaining({ version: version ?? null }),
      }),
    );
  });
});

describe('a plan of a plugin that declares its words', () => {
  it.each([
    [{ impact: 'words' }, /its impact words is not declared in `impacts`/u],
    [{ unit: 'bytes' }, /its impact pages is in bytes, not in count/u],
    [{ kind: 'book' }, /its kind of resource book is not declared in `resourceKinds`/u],
  ])('is refused for another one: %j', async (different, message) => {
    await using opened = await openPlugin(PLUGIN, { ...SOUND, ...different });
    const error = await failureOf(opened.plan('change', {}));
    expect(error).toMatchObject({
      code: 'PLUGIN_MISBEHAVED',
      message: expect.stringMatching(message),
    });
  });
});

it('names the policies that a plugin suggests among the diagnoses', async () => {
  await using opened = await openPlugin(PLUGIN, SOUND);
  expect(await opened.subject.diagnose()).toContainEqual({
    check: 'suggested policy one-sheet',
    state: 'ok',
    message: 'Never more than one sheet at once.',
  });
});

describe('a policy that a plugin suggests', () => {
  const words = {
    actions: [{ name: 'change' }] as never,
    impacts: { pages: { unit: 'count', description: 'Pages.' } },
    resourceKinds: { sheet: 'A sheet' },
  } as const;
  const issuesOf = (text: string): readonly string[] =>
    findSuggestionIssues([{ name: 'calm', description: 'Calm.', text }], words);
  const rule = (when: string): string =>
    `rules: [{ id: one, when: ${when}, decision: deny, reason: No. }]`;

  it('may name the actions, impacts and kinds of its plugin, and any subject', () => {
    expect(
      issuesOf(rule('{ subject: prod, action: ch*, impact: { pages: { atLeast: 2 } } }')),
    ).toEqual([]);
    expect(issuesOf('rules: []\nlimits: { resourcesAtOnce: [{ kind: sheet, most: 1 }] }')).toEqual(
      [],
    );
  });

  it.each([
    ['rules: 7', /calm: line 1: rules /u],
    ['{', /calm: line 1/u],
    [rule('{ action: burn }'), /rule one names the action burn, which does not exist/u],
    [
      rule('{ impact: { words: { atLeast: 2 } } }'),
      /rule one names the impact words, which the plugin/u,
    ],
    [
      'rules: []\nlimits: { resourcesAtOnce: [{ kind: book, most: 1 }] }',
      /a limit names the kind book, which the plugin does not declare/u,
    ],
  ])('is a mistake of the plugin as %s', (text, message) => {
    expect(issuesOf(text).join()).toMatch(message);
  });

  it('keeps the plugin from being loaded where it is no policy', async () => {
    const broken = new URL('support/broken-suggestion-plugin.ts', import.meta.url);
    const error = await failureOf(openPlugin(broken, SOUND));
    expect(error).toMatchObject({
      code: 'PLUGIN_INVALID',
      message: expect.stringContaining(
        'its suggested policy one-sheet: rule deny names the action',
      ),
    });
  });
});

describe('a page of an observation', () => {
  const next = 'k2';
  const readPage = async (value: object, parameters: object): Promise<unknown> => {
    await using opened = await openPlugin(PLUGIN, { ...SOUND, value });
    return (await opened.subject.observe('pages', parameters)).value;
  };

  it('has rows and the cursor of the next one, and says in its definition how to ask for it', async () => {
    await using opened = await openPlugin(PLUGIN, { ...SOUND, value: { keys: [1], next } });
    const [, definition] = opened.subject.observations.getDefinitions();
    const pages = { rows: 'keys', next: 'next', cursor: 'after', limit: 'limit' };
    expect(definition).toMatchObject({ name: 'pages', pages });
    const { value } = await opened.subject.observe('pages', { limit: 1, after: 'k1' });
    expect(value).toEqual({ keys: [1], next });
  });

  it.each([
    [{ keys: [1, 2], next }, { limit: 1 }, /keys has 2 rows, more than 1/u],
    [{ keys: 1, next }, {}, /keys must be a list/u],
    [{ keys: [] }, {}, /next must be a text or null/u],
    [{ keys: [], next: '' }, {}, /next must be a text or null/u],
    [{ keys: [1], next }, { after: next }, /next is the cursor of this page/u],
  ])('is refused as %j for %j', async (value, parameters, message) => {
    expect(await failureOf(readPage(value, parameters))).toMatchObject({
      code: 'PLUGIN_MISBEHAVED',
      message: expect.stringMatching(message),
    });
  });
});
