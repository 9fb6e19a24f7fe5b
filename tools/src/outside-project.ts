import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { playGuide, writeGuide } from './play-guide.ts';
import { expectedExits } from './guide-expectations.ts';
import { problemsOf, runCommand } from './run-command.ts';
import { pnpm } from './tarballs.ts';

/** Not the minor that our own packages are built with. */
const ANOTHER_ZOD = '4.4.3';
/** The oldest compiler that must understand our declarations, and newer ones. */
const COMPILERS = { 'typescript-5.9': '5.9.3', 'typescript-6': '6.0.3', 'typescript-7': '7.0.2' };

/**
 * Installs the tarballs in an empty project with another minor of zod, writes the guide's plugin there,
 * compiles it, and lets the packed command line load and run it.
 */
export async function checkOutside(
  tarballs: ReadonlyMap<string, string>,
  folder: string,
): Promise<readonly string[]> {
  await writeProject(tarballs, folder);
  const [program, ...fixed] = pnpm();
  const install = [...fixed, 'install', '--ignore-workspace', '--no-frozen-lockfile'];
  const failed = await problemsOf(program, install, { cwd: folder });
  if (failed.length > 0) return failed;
  return [
    ...(await checkImports([...tarballs.keys()], folder)),
    ...(await checkTypes(folder)),
    ...(await checkCommands(folder)),
  ];
}

async function writeProject(tarballs: ReadonlyMap<string, string>, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const ours = Object.fromEntries([...tarballs].map(([name, file]) => [name, `file:${file}`]));
  const compilers = Object.entries(COMPILERS).map(([name, version]) => [
    name,
    `npm:typescript@${version}`,
  ]);
  await writeJson(path.join(folder, 'package.json'), {
    name: 'outside',
    private: true,
    type: 'module',
    dependencies: { ...ours, undici: '^8.12.4', zod: ANOTHER_ZOD },
    devDependencies: { ...Object.fromEntries(compilers), '@types/node': '^24.0.0' },
  });
  // Ours are in no registry yet: what depends on them takes the tarballs, too. JSON is YAML.
  await writeJson(path.join(folder, 'pnpm-workspace.yaml'), {
    packages: ['.'],
    overrides: ours,
    strictPeerDependencies: true,
    verifyDepsBeforeRun: false,
    allowBuilds: {},
  });
  const files = await writeGuide(folder);
  await writeJson(path.join(folder, 'tsconfig.json'), {
    compilerOptions: {
      module: 'nodenext',
      target: 'es2023',
      strict: true,
      exactOptionalPropertyTypes: true,
      noUncheckedIndexedAccess: true,
      erasableSyntaxOnly: true,
      allowImportingTsExtensions: true,
      noEmit: true,
      types: ['node'],
    },
    files: files.filter((name) => name.endsWith('.ts')),
  });
}

async function checkImports(names: readonly string[], folder: string): Promise<readonly string[]> {
  const all = await Promise.all(
    names.map((name) =>
      problemsOf(process.execPath, ['-e', `await import('${name}')`], { cwd: folder }),
    ),
  );
  return all.flat();
}

async function checkTypes(folder: string): Promise<readonly string[]> {
  const problems: string[] = [];
  for (const name of Object.keys(COMPILERS)) {
    const compiler = path.join(folder, 'node_modules', name, 'bin', 'tsc');
    problems.push(...(await problemsOf(process.execPath, [compiler, '-p', '.'], { cwd: folder })));
  }
  return problems;
}

async function checkCommands(folder: string): Promise<readonly string[]> {
  const bin = path.join(folder, 'node_modules', '.bin', 'operator');
  const nodeFirst = `${path.dirname(process.execPath)}${path.delimiter}${process.env['PATH'] ?? ''}`;
  const version = await runCommand(bin, ['--version'], { cwd: folder, env: { PATH: nodeFirst } });
  const played = await playGuide({ folder, operator: ['env', `PATH=${nodeFirst}`, bin] });
  return [
    ...(version.code === 0
      ? []
      : [`operator --version ended with ${version.code}\n${version.output}`]),
    ...expectedExits(played),
  ];
}

async function writeJson(file: string, value: unknown): Promise<void> {
  await writeFile(file, `${JSON.stringify(value, null, 2)}\n`);
}
