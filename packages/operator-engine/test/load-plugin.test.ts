import { execFile } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import nodeModule from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import type { OperatorError } from 'operator-core';
import { openEngine } from 'operator-engine';
import type { EngineLimits, GatedSubject } from 'operator-engine';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { failureOf } from './support/errors.ts';
import { makeDirectory } from './support/open-lamps.ts';

const run = promisify(execFile);
const modules = fileURLToPath(new URL('../node_modules', import.meta.url));
const GOOD = `
import { definePlugin } from 'operator-core';
import { z } from 'zod';
export default definePlugin({
  name: 'thing', description: 'A thing', refusals: {}, observations: [], actions: [],
  config: z.strictObject({ url: z.url(), size: z.int().default(3), inner: z.strictObject({ a: z.int() }).optional() }),
  connect() { throw new Error('not asked for'); },
});`;

let directory: string;

beforeEach(() => {
  directory = makeDirectory();
});

afterEach(() => {
  rmSync(directory, { recursive: true });
});

function write(name: string, text: string): void {
  const path = join(directory, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

/** Puts a package into a node_modules of the temporary folder, with what it may import. */
function writePackage(options: {
  name?: string;
  code: string;
  manifest?: object;
  in?: string;
  file?: string;
}): void {
  const { name = 'operator-thing', code, manifest = {}, file = 'index.js' } = options;
  const folder = join(options.in ?? '', 'node_modules', name);
  const content = { name, version: '1.0.0', type: 'module', exports: './index.js', ...manifest };
  write(join(folder, 'package.json'), JSON.stringify(content));
  write(join(folder, file), code);
  for (const dependency of ['operator-core', 'zod']) {
    const link = join(directory, folder, 'node_modules', dependency);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(join(modules, dependency), link);
  }
}

/** Gives the plugin a copy of operator-core of its own, as a later minor of it would be. */
function installNewerCore(): void {
  const [core, copy] = [join(modules, 'operator-core'), join(directory, 'core-1.1')];
  cpSync(join(core, 'src'), join(copy, 'src'), { recursive: true, dereference: true });
  symlinkSync(join(core, 'node_modules'), join(copy, 'node_modules'));
  const manifest = { name: 'operator-core', type: 'module', exports: './src/index.ts' };
  write('core-1.1/package.json', JSON.stringify(manifest));
  const file = join(copy, 'src/contract/contract-version.ts');
  const text = readFileSync(file, 'utf8');
  const newer = text.replace(/(const CONTRACT_VERSION\b.*)'1\.0'/u, "$1'1.1'");
  expect(newer).not.toBe(text);
  writeFileSync(file, newer);
  const link = join(directory, 'node_modules/operator-thing/node_modules/operator-core');
  rmSync(link);
  symlinkSync(copy, link);
}

async function open(
  options: {
    plugin?: string;
    config?: object;
    limits?: Partial<EngineLimits>;
    hostUrl?: string;
    signal?: AbortSignal;
  } = {},
): Promise<GatedSubject> {
  const { plugin = 'operator-thing', config = { url: 'http://x' }, signal, ...rest } = options;
  write('operator.config.json', JSON.stringify({ subjects: { a: { plugin, config } } }, null, 1));
  const hostUrl = pathToFileURL(join(directory, 'host/bin.js')).href;
  const engine = await openEngine({ cwd: directory, env: {}, hostUrl, ...rest });
  return engine.openSubject(undefined, { signal });
}

async function failure(options: Parameters<typeof open>[0] = {}): Promise<OperatorError> {
  const error = await failureOf(open(options));
  expect(error.message).not.toContain('    at ');
  return error;
}

describe('finding a plugin', () => {
  it('looks from the folder of the configuration first', async () => {
    writePackage({ code: GOOD });
    writePackage({ code: GOOD.replace("'A thing'", "'Of the host'"), in: 'host' });
    const { plugin } = await open();
    expect(plugin).toMatchObject({ specifier: 'operator-thing', description: 'A thing' });
    expect(plugin.location).toBe(
      pathToFileURL(join(directory, 'node_modules/operator-thing/index.js')).href,
    );
  });

  it('looks from the host then', async () => {
    writePackage({ code: GOOD, in: 'host' });
    expect((await open()).plugin.location).toContain('/host/node_modules/');
  });

  it('takes a path relative to the configuration, a folder, and a scoped name', async () => {
    writePackage({ code: GOOD, in: 'x' });
    writePackage({ code: GOOD, name: '@some/operator-thing' });
    const plugins = [
      './x/node_modules/operator-thing/index.js',
      './x/node_modules/operator-thing',
      join(directory, 'x/node_modules/operator-thing/index.js'),
      pathToFileURL(join(directory, 'x/node_modules/operator-thing/index.js')).href,
      '@some/operator-thing',
    ];
    for (const plugin of plugins) expect((await open({ plugin })).plugin.name).toBe('thing');
  });

  it.each([
    ['exports for import only', { exports: { import: './index.js' } }],
    [
      'exports for import only, by path',
      { exports: { '.': { import: { default: './index.js' } } } },
    ],
    ['exports that end in default', { exports: { '.': { default: './index.js' } } }],
    ['main', { exports: undefined, main: 'index.js' }],
  ])('takes a package with %s', async (_, manifest) => {
    writePackage({ code: GOOD, manifest });
    expect((await open()).plugin.name).toBe('thing');
  });

  it.each([
    ['', 'npm install operator-thing'],
    ['package-lock.json', 'npm install operator-thing'],
    ['pnpm-lock.yaml', 'pnpm add operator-thing'],
    ['yarn.lock', 'yarn add operator-thing'],
  ])('that is missing gives the command for %j', async (lockfile, command) => {
    if (lockfile !== '') write(lockfile, '');
    const error = await failure();
    expect(error).toMatchObject({
      code: 'PLUGIN_NOT_FOUND',
      kind: 'plugin',
      facts: { package: 'operator-thing', install: command },
    });
    expect(error.remedy).toBe(`Run \`${command}\` in ${directory}.`);
  });

  it('that only a process of Yarn Plug’n’Play can see gives the way to start one', async () => {
    write('.pnp.cjs', '');
    write('yarn.lock', '');
    const error = await failure();
    expect(error).toMatchObject({
      code: 'PLUGIN_NOT_FOUND',
      facts: { package: 'operator-thing', plugAndPlay: join(directory, '.pnp.cjs') },
    });
    expect(error.message).toContain('this process was started without it');
    expect(error.remedy).toContain(`\`yarn run\` in ${directory}`);
  });

  it('is found where Plug’n’Play says, and missing where it does not depend on it', async () => {
    writePackage({ code: GOOD, in: 'cache', manifest: { exports: { import: './index.js' } } });
    write('.pnp.cjs', '');
    const issuers: string[] = [];
    const api = {
      resolveToUnqualified: (name: string, issuer: string): string => {
        issuers.push(issuer);
        if (name !== 'operator-thing') throw new Error('UNDECLARED_DEPENDENCY');
        return join(directory, 'cache/node_modules', name);
      },
      resolveVirtual: () => null,
    };
    Object.assign(nodeModule, { findPnpApi: () => api });
    onTestFinished(() => void Reflect.deleteProperty(nodeModule, 'findPnpApi'));
    expect((await open()).plugin.location).toContain('/cache/node_modules/operator-thing/index.js');
    expect(issuers[0]).toBe(join(directory, 'operator.config.yaml'));
    write('yarn.lock', '');
    const error = await failure({ plugin: 'operator-other' });
    expect(error.facts['install']).toBe('yarn add operator-other');
  });

  it('knows the root of a pnpm workspace', async () => {
    write('pnpm-lock.yaml', '');
    write('pnpm-workspace.yaml', '');
    expect((await failure()).facts['install']).toBe('pnpm add -w operator-thing');
  });

  it.each(['./nothing.js', '/nothing/there.js', 'fs', '@none/such', 'none/sub/path.js'])(
    'says that %s is missing',
    async (plugin) => {
      expect((await failure({ plugin })).code).toBe('PLUGIN_NOT_FOUND');
    },
  );

  it.each([
    ['its file is missing', { exports: './dist/index.js' }],
    ['it exports something else only', { exports: { './sub': './index.js' } }],
    ['it exports nothing', { exports: {} }],
    ['it exports its parent', { exports: { import: './../index.js' } }],
  ])('that is there is not called missing when %s', async (_, manifest) => {
    writePackage({ code: GOOD, manifest });
    const error = await failure();
    expect(error).toMatchObject({ code: 'PLUGIN_IMPORT_FAILED', kind: 'plugin' });
    expect(error.message).toContain('nothing to import');
  });
});

describe('importing a plugin', () => {
  it.each([
    ['throws', `throw new Error('no fuse')`, 'no fuse'],
    ['throws a text', `throw 'just words'`, 'just words'],
    ['throws nothing', 'throw undefined', 'it threw undefined'],
    ['throws what cannot be shown', 'throw Object.create(null)', 'cannot be shown'],
    ['is no JavaScript', 'export default {', 'Unexpected'],
    ['lacks a dependency', `import 'operator-nowhere'`, 'operator-nowhere'],
  ])('that %s fails with what it said', async (_, code, words) => {
    writePackage({ code });
    const error = await failure();
    expect(error).toMatchObject({ code: 'PLUGIN_IMPORT_FAILED', kind: 'plugin' });
    expect(error.message).toContain(words);
    expect('cause' in error || words === 'it threw undefined').toBe(true);
  });

  it('that hangs is given up', async () => {
    writePackage({ code: 'await new Promise(() => {}); export default 1;' });
    const error = await failure({ limits: { importMs: 100 } });
    expect(error).toMatchObject({ code: 'PLUGIN_IMPORT_TIMEOUT', kind: 'plugin' });
  });

  it('that hangs can be interrupted', async () => {
    writePackage({ code: 'await new Promise(() => {}); export default 1;' });
    const stop = new AbortController();
    setTimeout(() => {
      stop.abort();
    }, 50);
    expect((await failure({ signal: stop.signal })).code).toBe('INTERRUPTED');
    expect((await failure({ signal: AbortSignal.abort() })).code).toBe('INTERRUPTED');
  });

  it('takes a CommonJS build of an ES module', async () => {
    const code = `exports.__esModule = true; exports.default = require('./plugin.mjs').default;`;
    writePackage({ code, manifest: { type: 'commonjs' } });
    write('node_modules/operator-thing/plugin.mjs', GOOD);
    expect((await open()).plugin.name).toBe('thing');
  });
});

describe('what a plugin exports', () => {
  it('must have a default', async () => {
    writePackage({ code: 'export const plugin = 1; export const other = 2;' });
    const error = await failure();
    expect(error).toMatchObject({ code: 'PLUGIN_INVALID', kind: 'plugin' });
    expect(error.message).toContain('it exports only other, plugin');
    writePackage({ name: 'operator-empty', code: '' });
    expect((await failure({ plugin: 'operator-empty' })).message).toContain('exports nothing');
  });

  it.each([
    ['2.0', 'Update Operator'],
    ['1.99', 'Update Operator'],
    ['0.9', 'Update the plugin'],
  ])('must speak our contract, which is looked at first: %s', async (contract, remedy) => {
    writePackage({
      code: `export default { kind: 'operator-subject-plugin', contract: '${contract}', shape: 'of the future' }`,
    });
    const error = await failure();
    expect(error).toMatchObject({
      code: 'PLUGIN_CONTRACT_MISMATCH',
      kind: 'plugin',
      facts: { pluginContract: contract, hostContract: '1.0' },
    });
    expect(error.remedy).toContain(remedy);
  });

  describe('written for contract 1.0, beside a copy of operator-core that knows 1.1', () => {
    it('is loaded by a host that knows 1.0: the installed copy does not change its stamp', async () => {
      writePackage({ code: GOOD });
      installNewerCore();
      expect((await open()).plugin).toMatchObject({ name: 'thing', contract: '1.0' });
    });

    it('is refused by that host once it says itself that it needs 1.1', async () => {
      writePackage({ code: GOOD.replace("name: 'thing',", "name: 'thing', contract: '1.1',") });
      installNewerCore();
      expect(await failure()).toMatchObject({
        code: 'PLUGIN_CONTRACT_MISMATCH',
        facts: { pluginContract: '1.1', hostContract: '1.0' },
      });
    });
  });

  it.each([
    'null',
    '7',
    '"plugin"',
    '[]',
    'class Plugin {}',
    '{}',
    `{ get kind() { throw new Error('hands off') } }`,
    `{ kind: 'operator-subject-plugin', contract: 'one' }`,
  ])('must be a plugin: %s', async (value) => {
    writePackage({ code: `export default ${value}` });
    const error = await failure();
    expect(['PLUGIN_INVALID', 'PLUGIN_CONTRACT_MISMATCH']).toContain(error.code);
  });

  it('must be right in everything; all that is wrong is named', async () => {
    const action = (name: string): string =>
      `{ name: '${name}', description: '', riskLevel: 'low', requiresApproval: false,
         parameters: z.strictObject({ trace: z.string(), when: z.date().describe('d') }), plan() {}, verify() {} }`;
    writePackage({
      code: GOOD.replace('actions: []', `actions: [${action('turn')}, ${action('turn')}]`),
    });
    const error = await failure();
    expect(error.code).toBe('PLUGIN_INVALID');
    const issues = error.facts['issues'] as string[];
    expect(issues.join('\n')).toContain('turn');
    expect(issues.length).toBeGreaterThan(2);
    for (const issue of issues) expect(error.message).toContain(issue);
  });
});

describe('the configuration of a plugin', () => {
  it('is told with path and place, all mistakes at once', async () => {
    writePackage({ code: GOOD });
    const error = await failure({ config: { size: 'x', inner: { a: 1, b: 2 }, more: 1 } });
    expect(error).toMatchObject({ code: 'CONFIG_INVALID', kind: 'config' });
    const issues = error.facts['issues'] as { path: string; line: number }[];
    expect(issues.map(({ path, line }) => [path, line])).toEqual([
      ['subjects.a.config.url', 5],
      ['subjects.a.config.size', 6],
      ['subjects.a.config.inner.b', 9],
      ['subjects.a.config.more', 11],
    ]);
  });

  it.each([
    [`validate() { throw new Error('cannot judge') }`, 'cannot judge'],
    ['validate() { return new Promise(() => {}) }', 'did not end in time'],
    ['validate() { return null }', 'failed to check'],
  ])('is not taken on trust when its schema fails: %s', async (validate, words) => {
    const schema = `{ '~standard': { version: 1, vendor: 'x', jsonSchema: { input() { return { type: 'object' } } }, ${validate} } }`;
    writePackage({ code: GOOD.replace(/z\.strictObject\(\{ url.*\}\),/u, `${schema},`) });
    const error = await failure({ limits: { importMs: 1_500 } });
    expect(error.code).toBe('PLUGIN_MISBEHAVED');
    expect(error.message).toContain(words);
  });
});

describe('in a Node of its own', () => {
  interface Listed {
    readonly actions?: string[];
    readonly location?: string;
    readonly code?: string;
    readonly message?: string;
    readonly hasUndici: boolean;
  }

  async function list(importMs = 15_000): Promise<Listed> {
    const plugin = 'operator-thing';
    const config = { url: 'http://x' };
    write('operator.config.json', JSON.stringify({ subjects: { a: { plugin, config } } }));
    const script = fileURLToPath(new URL('support/list-actions.ts', import.meta.url));
    const { stdout, stderr } = await run(process.execPath, [
      '--conditions=@operator/source',
      script,
      directory,
      String(importMs),
    ]);
    expect(stderr).toBe('');
    return JSON.parse(stdout) as Listed;
  }

  it('lists actions without loading any HTTP', async () => {
    writePackage({ code: GOOD });
    expect(await list()).toMatchObject({ actions: [], hasUndici: false });
  });

  it('takes a plugin from its sources in development', async () => {
    const exports = { '.': { '@operator/source': './src/index.ts', default: './dist/index.js' } };
    writePackage({
      code: `${GOOD}\nconst typed: number = 1;`,
      manifest: { exports },
      file: 'src/index.ts',
    });
    // As in a workspace: the link in node_modules leads to sources that lie elsewhere.
    const [linked, sources] = ['node_modules/operator-thing', 'packages/operator-thing'];
    mkdirSync(join(directory, 'packages'));
    renameSync(join(directory, linked), join(directory, sources));
    symlinkSync(join(directory, sources), join(directory, linked));
    expect((await list()).location).toContain('packages/operator-thing/src/index.ts');
  });

  it('takes a package that exports for import only', async () => {
    writePackage({ code: GOOD, manifest: { exports: { import: './index.js' } } });
    expect((await list()).location).toContain('/index.js');
  });

  it.each([
    ['PLUGIN_INVALID', `export default new Proxy({}, { get() { throw 1 }, has() { throw 1 } })`],
    ['PLUGIN_INVALID', 'export default { then() {} }'],
    ['PLUGIN_INVALID', `export default { get kind() { throw new Error('hands off') } }`],
    ['PLUGIN_IMPORT_FAILED', `throw new Error('no fuse')`],
    ['PLUGIN_IMPORT_TIMEOUT', 'setInterval(() => {}, 1000); await new Promise(() => {});'],
  ])('says %s of %s', async (code, source) => {
    writePackage({ code: source });
    const listed = await list(code === 'PLUGIN_IMPORT_TIMEOUT' ? 300 : undefined);
    expect(listed).toMatchObject({ code });
    expect(listed.message).not.toContain('    at ');
  });
});
