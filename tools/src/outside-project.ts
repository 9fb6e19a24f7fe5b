import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expectedExits } from './guide-expectations.ts';
import { playGuide, writeGuide } from './play-guide.ts';
import { problemsOf } from './run-command.ts';
import { pnpm } from './tarballs.ts';

/** Not the minor that our own packages are built with. */
const ANOTHER_ZOD = '4.4.3';
/** The oldest compiler that must understand our declarations, and newer ones. */
const COMPILERS = { 'typescript-5.9': '5.9.3', 'typescript-6': '6.0.3', 'typescript-7': '7.0.2' };
const PLUGIN = 'operator-subject-job-queues';

type Tarballs = ReadonlyMap<string, string>;

/**
 * Does what an author and then a user of a plugin do, each in an empty project outside the workspace,
 * with our tarballs and another minor of zod: the author writes the plugin of the guide, compiles it and
 * packs it; the user installs command line and plugin and runs it by config.
 */
export async function checkOutside(tarballs: Tarballs, folder: string): Promise<readonly string[]> {
  const author = path.join(folder, 'author');
  const user = path.join(folder, 'user');
  const problems = await checkAuthor(tarballs, author);
  return problems.length > 0 ? problems : checkUser(tarballs, { author, user });
}

async function checkAuthor(tarballs: Tarballs, folder: string): Promise<readonly string[]> {
  await mkdir(folder, { recursive: true });
  const ours = filesOf(tarballs);
  const compilers = Object.entries(COMPILERS).map(([name, version]) => [
    name,
    `npm:typescript@${version}`,
  ]);
  await writeJson(path.join(folder, 'package.json'), {
    name: PLUGIN,
    version: '1.0.0',
    type: 'module',
    files: ['dist'],
    exports: { '.': { default: './dist/queue-plugin.js' }, './package.json': './package.json' },
    dependencies: { undici: '^8.12.4', zod: ANOTHER_ZOD },
    peerDependencies: { 'operator-core': '*' },
    devDependencies: { ...ours, ...Object.fromEntries(compilers), '@types/node': '^24.0.0' },
  });
  // Every declaration is compiled, not only those that the guide happens to use.
  const imports = [...tarballs.keys()].map(
    (name) => `export * as ${name.replaceAll('-', '')} from '${name}';`,
  );
  await writeFile(path.join(folder, 'everything.ts'), `${imports.join('\n')}\n`);
  const files = ['everything.ts', ...(await writeGuide(folder))];
  await writeCompilerOptions(
    folder,
    files.filter((name) => name.endsWith('.ts')),
  );
  return firstProblems([
    () => install(tarballs, folder),
    () => checkImports([...tarballs.keys()], folder),
    () => compile(folder),
    () => play(folder),
  ]);
}

async function checkUser(
  tarballs: Tarballs,
  { author, user }: { readonly author: string; readonly user: string },
): Promise<readonly string[]> {
  const [program, ...fixed] = pnpm();
  await mkdir(user, { recursive: true });
  const packing = [...fixed, 'pack', '--pack-destination', user];
  const ours = filesOf(tarballs);
  const { 'operator-cli': cli = '', 'operator-tikv': tikv = '' } = ours;
  await writeJson(path.join(user, 'package.json'), {
    name: 'user',
    private: true,
    type: 'module',
    dependencies: {
      'operator-cli': cli,
      // The test of the guide runs here, too.
      'operator-engine': ours['operator-engine'] ?? '',
      'operator-tikv': tikv,
      [PLUGIN]: `file:${path.join(user, `${PLUGIN}-1.0.0.tgz`)}`,
    },
  });
  await writeGuide(user);
  await writeJson(path.join(user, 'operator.config.yaml'), {
    subjects: { jobs: { plugin: PLUGIN, config: { endpoints: ['${QUEUES_URL}'] } } },
  });
  await writeJson(path.join(user, 'tikv.yaml'), {
    subjects: {
      prod: { plugin: 'operator-tikv', config: { pdEndpoints: ['http://127.0.0.1:9'] } },
    },
  });
  const [bin, ...words] = operatorIn(user);
  return firstProblems([
    () => problemsOf(program, packing, { cwd: author }),
    () => install(tarballs, user),
    () => play(user),
    () => problemsOf(bin, [...words, 'actions', '--config', 'tikv.yaml'], { cwd: user }),
  ]);
}

async function install(tarballs: Tarballs, folder: string): Promise<readonly string[]> {
  // Ours are in no registry yet: what depends on them takes the tarballs, too. JSON is YAML.
  await writeJson(path.join(folder, 'pnpm-workspace.yaml'), {
    packages: ['.'],
    overrides: filesOf(tarballs),
    autoInstallPeers: true,
    strictPeerDependencies: true,
    allowBuilds: {},
  });
  const [program, ...fixed] = pnpm();
  return problemsOf(program, [...fixed, 'install', '--no-frozen-lockfile'], { cwd: folder });
}

async function checkImports(names: readonly string[], folder: string): Promise<readonly string[]> {
  const all = await Promise.all(
    names.map((name) =>
      problemsOf(process.execPath, ['-e', `await import('${name}')`], { cwd: folder }),
    ),
  );
  return all.flat();
}

async function writeCompilerOptions(folder: string, files: readonly string[]): Promise<void> {
  await writeJson(path.join(folder, 'tsconfig.json'), {
    compilerOptions: {
      module: 'nodenext',
      target: 'es2023',
      strict: true,
      exactOptionalPropertyTypes: true,
      noUncheckedIndexedAccess: true,
      erasableSyntaxOnly: true,
      rewriteRelativeImportExtensions: true,
      outDir: 'dist',
      types: ['node'],
    },
    files,
  });
}

async function compile(folder: string): Promise<readonly string[]> {
  const problems: string[] = [];
  for (const name of Object.keys(COMPILERS)) {
    const compiler = path.join(folder, 'node_modules', name, 'bin', 'tsc');
    problems.push(...(await problemsOf(process.execPath, [compiler, '-p', '.'], { cwd: folder })));
  }
  return problems;
}

async function play(folder: string): Promise<readonly string[]> {
  return expectedExits(await playGuide({ folder, operator: operatorIn(folder) }));
}

/** The installed program, started as a shell does it: by whatever `node` comes first in the path. */
function operatorIn(folder: string): readonly [string, ...string[]] {
  const first = `${path.dirname(process.execPath)}${path.delimiter}${process.env['PATH'] ?? ''}`;
  return ['env', `PATH=${first}`, path.join(folder, 'node_modules', '.bin', 'operator')];
}

function filesOf(tarballs: Tarballs): Readonly<Record<string, string>> {
  return Object.fromEntries([...tarballs].map(([name, file]) => [name, `file:${file}`]));
}

/** Runs the parts in order until one has problems: later parts depend on earlier ones. */
async function firstProblems(
  parts: readonly (() => Promise<readonly string[]>)[],
): Promise<readonly string[]> {
  for (const part of parts) {
    const problems = await part();
    if (problems.length > 0) return problems;
  }
  return [];
}

async function writeJson(file: string, value: unknown): Promise<void> {
  await writeFile(file, `${JSON.stringify(value, null, 2)}\n`);
}
