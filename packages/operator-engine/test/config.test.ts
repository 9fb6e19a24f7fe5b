import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { openEngine } from 'operator-engine';
import type { ConfigIssue, Engine } from 'operator-engine';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadConfig } from '../src/config/load-config.ts';
import { failureOf } from './support/errors.ts';
import { makeDirectory } from './support/open-lamps.ts';

let directory: string;

beforeEach(() => {
  directory = makeDirectory();
});

afterEach(() => {
  rmSync(directory, { recursive: true });
});

function write(name: string, text: string): string {
  const path = join(directory, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return path;
}

async function open(
  options: { env?: object; configPath?: string; cwd?: string } = {},
): Promise<Engine> {
  const { env = {}, cwd = directory, ...rest } = options;
  return openEngine({ cwd, env: { ...env }, hostUrl: import.meta.url, ...rest });
}

async function issuesOf(text: string, name = 'operator.config.yaml'): Promise<ConfigIssue[]> {
  const file = write(name, text);
  const error = await failureOf(open());
  expect(error).toMatchObject({ code: 'CONFIG_INVALID', kind: 'config', facts: { file } });
  const issues = error.facts['issues'] as unknown as ConfigIssue[];
  for (const { line, column, message } of issues) {
    expect(error.message).toContain(`${file}:${line}:${column}`);
    expect(error.message).toContain(message);
  }
  return issues;
}

const valid = 'subjects:\n  prod:\n    plugin: operator-lamps\n';

describe('finding the configuration', () => {
  it('looks from the working directory upwards', async () => {
    const path = write('operator.config.yaml', valid);
    const below = dirname(write('a/b/c/x', ''));
    expect((await open({ cwd: below })).configPath).toBe(path);
  });

  it('takes the nearest', async () => {
    write('operator.config.yaml', valid);
    const near = write('a/operator.config.json', '{"subjects":{"near":{"plugin":"x"}}}');
    expect((await open({ cwd: join(directory, 'a') })).configPath).toBe(near);
  });

  it('takes the one that is named, relative to the working directory', async () => {
    write('operator.config.yaml', valid);
    const other = write('other/some.yaml', valid);
    expect((await open({ configPath: 'other/some.yaml' })).configPath).toBe(other);
  });

  it('says where it looked', async () => {
    const error = await failureOf(open());
    expect(error).toMatchObject({ code: 'CONFIG_NOT_FOUND', kind: 'config' });
    expect(error.facts['searched']).toContain(directory);
    expect(error.next).toEqual([
      { operation: 'init' },
      { operation: 'choose_config', config: null },
    ]);
    const named = await failureOf(open({ configPath: 'no.yaml' }));
    expect(named).toMatchObject({ code: 'CONFIG_NOT_FOUND' });
    expect(named.message).toContain(join(directory, 'no.yaml'));
  });

  it('does not choose between two', async () => {
    write('operator.config.yaml', valid);
    write('operator.config.json', '{"subjects":{"near":{"plugin":"x"}}}');
    const error = await failureOf(open());
    expect(error.code).toBe('CONFIG_INVALID');
    expect(error.message).toContain('operator.config.json');
  });

  it('refuses a file that is too large to be one', async () => {
    write('operator.config.yaml', `# ${'x'.repeat(1024 * 1024)}\n${valid}`);
    expect((await failureOf(open())).code).toBe('CONFIG_UNREADABLE');
  });

  it.each([
    [
      'links in a circle',
      (path: string) => {
        symlinkSync(path, path);
      },
      'ELOOP',
      'you may read it',
    ],
    [
      'text that is not UTF-8',
      (path: string) => {
        writeFileSync(path, `\uFEFF${valid}`, 'utf16le');
      },
      'no UTF-8 text',
      'as UTF-8',
    ],
    [
      'a file of 2 MiB',
      (path: string) => {
        writeFileSync(path, Buffer.alloc(2 ** 21));
      },
      'larger than 1 MiB',
      'the right file',
    ],
  ])('says why it cannot read %s', async (_, make, reason, remedy) => {
    make(join(directory, 'operator.config.yaml'));
    const error = await failureOf(open());
    expect(error).toMatchObject({ code: 'CONFIG_UNREADABLE', kind: 'config' });
    expect(error.message).toContain(reason);
    expect(error.remedy).toContain(remedy);
  });

  it('does not take a folder for a configuration', async () => {
    mkdirSync(join(directory, 'operator.config.yaml'));
    expect((await failureOf(open())).code).toBe('CONFIG_NOT_FOUND');
  });
});

describe('reading the configuration', () => {
  it.each([
    ['operator.config.yaml', `${valid}    config: { url: http://x, list: [1, true, null] }\n`],
    [
      'operator.config.json',
      '{\n\t"subjects": {\n\t\t"prod": {"plugin": "operator-lamps",\n"config": {"url": "http:\\/\\/x", "list": [1, true, null]}}}}',
    ],
  ])('reads %s', (name, text) => {
    write(name, text);
    const { subjects } = loadConfig({ cwd: directory, env: {} });
    const config = { url: 'http://x', list: [1, true, null] };
    expect(subjects).toEqual([{ name: 'prod', plugin: 'operator-lamps', config, issues: [] }]);
  });

  it('reads a mark of byte order, comments and aliases', () => {
    write('operator.config.yaml', `\uFEFF# hello\n${valid}    config: { a: &x [1], b: *x }\n`);
    const { subjects } = loadConfig({ cwd: directory, env: {} });
    expect(subjects[0]?.config).toEqual({ a: [1], b: [1] });
  });

  it('lists the subjects with their place', async () => {
    write('operator.config.yaml', `${valid}  test:\n    plugin: ./mine.js\n`);
    expect((await open()).subjects()).toEqual([
      { name: 'prod', plugin: 'operator-lamps', issues: [], line: 2, column: 3, isDefault: false },
      { name: 'test', plugin: './mine.js', issues: [], line: 4, column: 3, isDefault: false },
    ]);
  });

  it('reports every mistake at once, each with its path and place', async () => {
    const issues = await issuesOf(
      [
        'subjects:',
        '  prod:',
        '    plugn: operator-lamps',
        '    config: [1]',
        '  two words:',
        '    plugin: x',
        '  test:',
        '    plugin: https://example.com/plugin.js',
        '    config:',
        '      url: ${}',
        '      other: ${UNSET_VARIABLE}',
        'surplus: 1',
      ].join('\n'),
    );
    expect(issues.map(({ path, line, column }) => [path, line, column])).toEqual([
      ['subjects.prod.plugin', 2, 3],
      ['subjects.prod.plugn', 3, 5],
      ['subjects.prod.config', 4, 5],
      ['subjects.two words', 5, 3],
      ['subjects.test.plugin', 8, 5],
      ['subjects.test.config.url', 10, 7],
      ['subjects.test.config.other', 11, 7],
      ['surplus', 12, 1],
    ]);
    expect(issues[0]?.message).toBe('is missing');
    expect(issues[1]?.message).toBe('unknown key; did you mean plugin?');
  });

  it.each<[string, string, string, number]>([
    ['an empty file', '', 'is empty', 1],
    ['only comments', '# nothing\n', 'is empty', 1],
    ['a list', '- a\n- b\n', 'expected object', 1],
    ['a text', 'hello', 'expected object', 1],
    ['no subjects', 'subjects: {}\n', 'at least one subject', 1],
    ['subjects that are none', 'subjects:\n', 'expected record', 1],
    ['a tab', 'subjects:\n\tprod: 1\n', 'ab', 2],
    ['a key twice', `${valid}    plugin: x\n`, 'unique', 4],
    ['two documents', `${valid}---\n${valid}`, 'a second document begins here', 4],
    ['an unknown alias', `${valid}    config: { a: *nothing }\n`, 'stands for nothing', 4],
    ['an unknown tag', `${valid}    config: { a: !secret x }\n`, 'tag', 4],
    [
      'a number that is none',
      `${valid}    config:\n      a: .nan\n`,
      'not a value that JSON knows',
      5,
    ],
    ['a number without end', `${valid}    config: { a: .inf }\n`, 'not a value that JSON knows', 4],
    [
      'a number that would be read wrongly',
      `${valid}    config: { clusterId: 7462183643873562342 }\n`,
      'put it in quotes',
      4,
    ],
    ['a prototype', `${valid}    config: { __proto__: { a: 1 } }\n`, 'cannot be a key', 4],
    ['a key that is a list', `${valid}    config: { ? [a] : 1 }\n`, 'cannot be a key', 4],
    ['an endless alias', `${valid}    config: &a\n      b: *a\n`, 'too large', 5],
    ['a number for a plugin', 'subjects:\n  prod:\n    plugin: 7\n', 'expected string', 3],
    ['a plugin of the network', 'subjects: { a: { plugin: "data:x,y" } }', 'name of a package', 1],
  ])('refuses %s', async (_, text, words, line) => {
    const issues = await issuesOf(text);
    expect(issues.map(({ message }) => message).join('\n')).toContain(words);
    expect(issues[0]?.line).toBe(line);
  });

  it.each([
    ['variables in a list', 'url: [http://${HOST}:1, ${B}]', '; write text with ${…} in quotes'],
    ['a variable in a map', 'url: { a: ${URL}, b: 1 }', '; write text with ${…} in quotes'],
    ['a map without end', 'url: {', 'end with a }'],
    ['lists without end', `url: ${'['.repeat(50_000)}`, 'nested too deeply'],
  ])('reports one issue for %s', async (_, line, words) => {
    const issues = await issuesOf(`${valid}${line}\n`);
    expect(issues).toHaveLength(1);
    expect(issues[0]?.message).toContain(words);
  });

  it('refuses aliases that multiply', async () => {
    const lines = ['a: &a [x, x, x, x, x, x, x, x, x, x]'];
    for (let level = 1; level < 9; level += 1) {
      const [previous, name] = ['abcdefghi'[level - 1] ?? '', 'abcdefghi'[level] ?? ''];
      lines.push(`${name}: &${name} [${Array(10).fill(`*${previous}`).join(', ')}]`);
    }
    const issues = await issuesOf(lines.join('\n'));
    expect(issues.some(({ message }) => message.includes('too large'))).toBe(true);
  });

  it.each([
    ['{\n  "subjects": {\n    "a": {"plugin": "x"},\n  }\n}', 4, 3],
    ['{ subjects: {} }', 1, 3],
    ['{"subjects": ', 1, 14],
    ['<html>', 1, 1],
  ])('says where %j is not JSON', async (text, line, column) => {
    const [issue, ...others] = await issuesOf(text, 'operator.config.json');
    expect(others).toEqual([]);
    expect(issue).toMatchObject({ line, column });
    expect(issue?.message).toContain('not JSON');
  });

  it('finds a key that stands twice in JSON', async () => {
    const text = '{"subjects": {\n"a": {"plugin": "x"},\n"a": {"plugin": "y"}}}';
    const [issue] = await issuesOf(text, 'operator.config.json');
    expect(issue).toMatchObject({ line: 3, column: 1 });
  });
});

describe('variables', () => {
  function read(config: string, env: Record<string, string>): unknown {
    write('operator.config.yaml', `${valid}    config:\n${config.replaceAll(/^/gmu, '      ')}\n`);
    return loadConfig({ cwd: directory, env }).subjects[0]?.config;
  }

  it.each([
    ['a: ${HOST}', 'h'],
    ['a: http://${HOST}:${PORT}/x', 'http://h:1/x'],
    ['a: ${NO:-plain}', 'plain'],
    ['a: ${EMPTY:-plain}', 'plain'],
    ['a: "${EMPTY}"', ''],
    ['a: "${NO:-}"', ''],
    ['a: ${NO:-http://x:1/$y}', 'http://x:1/$y'],
    ['a: $${HOST}', '${HOST}'],
    ['a: $HOST costs $5 and $$', '$HOST costs $5 and $$'],
    ['a: ${NESTED}', '${HOST}'],
  ])('fills %s', (text, value) => {
    const env = { HOST: 'h', PORT: '1', EMPTY: '', NESTED: '${HOST}' };
    expect(read(text, env)).toEqual({ a: value });
  });

  it('fills lists and what is below', () => {
    expect(read('a:\n  - b: ["${X}"]', { X: '1' })).toEqual({ a: [{ b: ['1'] }] });
  });

  it.each(['${}', '${1A}', '${A B}', '${HOST', '${HOST:+x}', '${HOST-x}'])(
    'refuses %s as a mistake of the file',
    async (text) => {
      const issues = await issuesOf(`${valid}    config: { a: '${text}' }\n`);
      expect(issues).toMatchObject([{ path: 'subjects.prod.config.a', line: 4 }]);
    },
  );

  it('that are not set only keep their own subject from being opened', async () => {
    write(
      'operator.config.yaml',
      `${valid}    config:\n      password: \${A_PASSWORD}\n      other: \${B}\n  test: { plugin: ./none.js }\n`,
    );
    const engine = await open({ env: { B: 'hidden-value' } });
    const [prod, test] = engine.subjects();
    expect(test?.issues).toEqual([]);
    expect(prod?.issues).toMatchObject([{ path: 'subjects.prod.config.password', line: 5 }]);
    const error = await failureOf(engine.openSubject('prod'));
    expect(error).toMatchObject({ code: 'CONFIG_INVALID' });
    expect(error.message).toContain('the environment variable A_PASSWORD is not set');
    expect(JSON.stringify(error)).not.toContain('hidden-value');
    expect((await failureOf(engine.openSubject('test'))).code).toBe('PLUGIN_NOT_FOUND');
  });

  it('say which subject is used where none is named: their own, else the only one', async () => {
    const two = 'subjects:\n  a: { plugin: ./a.js }\n  b: { plugin: ./b.js }\n';
    const defaults = async (text: string, env: Record<string, string>) => {
      write('operator.config.yaml', text);
      const engine = await open({ env });
      return engine.subjects().flatMap(({ name, isDefault }) => (isDefault ? [name] : []));
    };
    expect(await defaults(two, {})).toEqual([]);
    expect(await defaults(two, { OPERATOR_SUBJECT: 'b' })).toEqual(['b']);
    expect(await defaults('subjects:\n  a: { plugin: ./a.js }\n', {})).toEqual(['a']);
  });

  it('cannot make a plugin of something else', async () => {
    write('operator.config.yaml', 'subjects:\n  a:\n    plugin: ${PLUGIN}\n');
    const engine = await open({ env: { PLUGIN: 'https://example.com/x.js' } });
    const error = await failureOf(engine.openSubject());
    expect(error).toMatchObject({ code: 'CONFIG_INVALID', facts: { issues: [{ line: 3 }] } });
  });
});

describe('choosing the subject', () => {
  const two = `${valid}  staging:\n    plugin: operator-lamps\n`;

  async function chosen(text: string, name?: string, env: object = {}): Promise<string> {
    write('operator.config.yaml', text);
    const engine = await open({ env });
    const error = await failureOf(engine.openSubject(name));
    // What is chosen has no plugin here: that it is looked for shows the choice.
    return error.code === 'PLUGIN_NOT_FOUND' ? 'chosen' : error.code;
  }

  it.each([
    [valid, undefined, {}, 'chosen'],
    [two, 'prod', {}, 'chosen'],
    [two, undefined, { OPERATOR_SUBJECT: 'staging' }, 'chosen'],
    [two, undefined, {}, 'SUBJECT_AMBIGUOUS'],
    [two, undefined, { OPERATOR_SUBJECT: '' }, 'SUBJECT_AMBIGUOUS'],
    [valid, 'prd', {}, 'SUBJECT_NOT_FOUND'],
    [valid, undefined, { OPERATOR_SUBJECT: 'prd' }, 'SUBJECT_NOT_FOUND'],
    [valid, '', {}, 'SUBJECT_NOT_FOUND'],
  ])('of %j by %j and %j: %s', async (text, name, env, outcome) => {
    expect(await chosen(text, name, env)).toBe(outcome);
  });

  it('lists what there is', async () => {
    write('operator.config.yaml', two);
    const engine = await open();
    const ambiguous = await failureOf(engine.openSubject());
    expect(ambiguous.remedy).toContain('prod, staging');
    const near = await failureOf(engine.openSubject('stagin'));
    expect(near).toMatchObject({ kind: 'usage', facts: { nearest: ['staging'] } });
  });
});

describe('the ledger of the configuration', () => {
  const withLedger = (ledger: string): string => `ledger: ${ledger}\n${valid}`;
  const placeOf = (ledger: string, env = {}): unknown => {
    write('operator.config.yaml', withLedger(ledger));
    return loadConfig({ cwd: directory, env }).ledger;
  };

  it('is a file beside it, unless a driver is named', () => {
    write('operator.config.yaml', valid);
    const file = join(directory, '.operator/ledger.db');
    const usual = { identity: 'proven', place: { kind: 'file', file } };
    expect(loadConfig({ cwd: directory, env: {} }).ledger).toEqual(usual);
    const other = { kind: 'file', file: join(directory, 'a.db') };
    expect(placeOf('{ sqlite: ./a.db }')).toMatchObject({ place: other });
  });

  it('comes from the package with the name of the driver, with its variables filled in', () => {
    expect(placeOf('{ postgres: { url: "${DB}" }, identity: trusted }', { DB: 'db:1' })).toEqual({
      identity: 'trusted',
      place: {
        kind: 'package',
        key: 'postgres',
        specifier: 'operator-ledger-postgres',
        settings: { url: 'db:1' },
      },
    });
    expect(placeOf('{ postgres: {}, package: "@house/pg" }')).toMatchObject({
      place: { specifier: '@house/pg' },
    });
  });

  it.each([
    ['{ sqlit: ./a.db }', 'ledger.sqlit', 'unknown key; did you mean sqlite?'],
    ['{ path: ./a.db }', 'ledger.path', 'its settings must be a mapping'],
    ['{ Postgres: {} }', 'ledger.Postgres', 'lower-case letters'],
    ['{ sqlite: 5 }', 'ledger.sqlite', 'must be the path of a file'],
    [
      '{ sqlite: ./a.db, postgres: {} }',
      'ledger.postgres',
      'one driver: remove sqlite or postgres',
    ],
    ['{ package: operator-pg }', 'ledger.package', 'add a key with the settings of this driver'],
    ['{ pg: {}, package: "https://x/y" }', 'ledger.package', 'must be the name of a package'],
    ['{ identity: me }', 'ledger.identity', 'must be proven or trusted'],
    ['{ witness: 3 }', 'ledger.witness', 'must be the path of a folder'],
    ['{ pg: { url: "${NOT_SET}" } }', 'ledger.pg.url', 'NOT_SET is not set'],
  ])('is refused as %s', async (ledger, path, message) => {
    const issues = await issuesOf(withLedger(ledger));
    expect(issues).toMatchObject([{ path, message: expect.stringContaining(message) as string }]);
  });
});
