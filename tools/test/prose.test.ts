import { describe, expect, it } from 'vitest';
import { checkProse } from '../src/rules/prose.ts';

// Put together here, so that this file keeps the rules too.
const person = ['some', 'body'].join('');
const none = ['no', 'body'].join('');
const seat = ['se', 'at'].join('');

const check = (path: string, text: string) => checkProse([{ path, text }]);

describe('the rule about the first word of a docstring', () => {
  it.each(['What', 'Whether', 'Who', 'How', 'Which', 'Where', 'When', 'Why', 'Whatever'])(
    'refuses a docstring that begins with %s',
    (word) => {
      const line = `/** ${word} it is in this state. */\nexport const state = 1;`;
      expect(check('packages/a/src/x.ts', `const a = 1;\n${line}`)).toEqual([
        `packages/a/src/x.ts:2: a docstring begins with a noun or a verb: ${word}`,
      ]);
    },
  );

  it.each(['/** Tells whether it runs. */', '/**\n * Tells if it runs.\n */'])(
    'refuses the docstring of a yes or no that tells it: %j',
    (text) => {
      expect(check('packages/a/src/x.ts', text)).toEqual([
        expect.stringContaining('packages/a/src/x.ts:1: True when, for: Tells'),
      ]);
    },
  );

  it('reads the first word of a docstring of several lines', () => {
    expect(check('bench/src/x.ts', '/**\n * Why it failed.\n */')).toHaveLength(1);
  });

  it.each([
    ['a noun', 'packages/a/src/x.ts', '/** Reason for the state. */'],
    ['a longer word that begins alike', 'packages/a/src/x.ts', '/** Whole seconds. */'],
    ['a question in a line comment', 'packages/a/src/x.ts', '// Why not: it is slow.'],
    ['a docstring of a test', 'packages/a/test/x.ts', '/** What a test needs. */'],
    ['a page', 'docs/a.md', '/** Why it failed. */'],
  ])('allows %s', (_what, path, text) => {
    expect(check(path, text)).toEqual([]);
  });
});

describe('the rule about words that readers must parse twice', () => {
  it.each([
    ['a comment of a source', 'packages/a/src/x.ts', `// Stopped by ${person}.`],
    ['a docstring of a source', 'packages/a/src/x.ts', `/**\n * Left by\n * ${person}. */`],
    ['a message of a source', 'packages/a/src/x.ts', `throw new Error('${person} stopped it');`],
    ['a message with code in it', 'packages/a/src/x.ts', `const a = \`\${b} and ${person}\`;`],
    ['a page', 'docs/a.md', `A run of ${person}.`],
    ['a changeset', '.changeset/a.md', `A run of ${person}.`],
    ['the title of a test', 'packages/a/test/x.test.ts', `it('is stopped by ${person}', f);`],
    ['the title of a group', 'packages/a/test/x.test.ts', `describe.each(a)('of ${person}', f);`],
    ['a comment of a test', 'packages/a/test/x.ts', `// Stopped by ${person}.`],
  ])('finds one in %s', (_what, path, text) => {
    expect(check(path, text)).toEqual([expect.stringContaining(`plain words`)]);
  });

  it.each([
    ['again', ['on', 'ce more'].join('')],
    ['is available', ['cannot be h', 'ad'].join('')],
    ['has stopped reading', ['asks no m', 'ore'].join('')],
    ['works on, has not finished', ['has in h', 'and'].join('')],
  ])('offers "%s" for an idiom', (better, idiom) => {
    expect(check('docs/a.md', `A run ${idiom}.`)).toEqual([
      `docs/a.md:1: plain words (${better}): ${idiom}`,
    ]);
  });

  it('names the line, the word and better ones', () => {
    expect(check('docs/a.md', `A run.\n${person} asked.`)).toEqual([
      `docs/a.md:2: plain words (the role: user, owner, approver, runner): ${person}`,
    ]);
  });

  it.each([
    ['a name in code', 'packages/a/src/x.ts', `const ${seat} = take();`],
    ['a path of an import', 'packages/a/src/x.ts', `import { a } from './${seat}.ts';`],
    ['a value without a space', 'packages/a/src/x.ts', `const user = '${none}';`],
    ['a name within a template', 'packages/a/src/x.ts', `const a = \`of \${${seat}}\`;`],
    ['data of a test', 'packages/a/test/x.test.ts', `const told = 'said by ${person}';`],
    ['a longer word', 'docs/a.md', `A warehouse.`],
    ['a fixture', 'packages/a/test/fixtures/a.md', `A run of ${person}.`],
    ['a changelog', 'packages/a/CHANGELOG.md', `A run of ${person}.`],
  ])('allows it in %s', (_what, path, text) => {
    expect(check(path, text)).toEqual([]);
  });
});
