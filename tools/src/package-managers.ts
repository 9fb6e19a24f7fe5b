import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { problemsOf } from './run-command.ts';
import { pnpm } from './tarballs.ts';

type Tarballs = ReadonlyMap<string, string>;
type CommandLine = readonly [string, ...string[]];

/** A way to install packages, and to start a program that was installed. */
interface Manager {
  readonly name: string;
  /** Files that it needs beside package.json. */
  readonly files: Readonly<Record<string, string>>;
  readonly install: CommandLine;
  readonly run: CommandLine;
}

const YARN: CommandLine = ['npx', '-y', '--package', '@yarnpkg/cli-dist@4.18.1', 'yarn'];
const PNPM: CommandLine = [...pnpm()];

/** Installs command line and plugin with each package manager, in an empty project, and loads the plugin by its name. */
export async function checkManagers(
  tarballs: Tarballs,
  folder: string,
): Promise<readonly string[]> {
  const problems: string[] = [];
  for (const manager of managersFor(tarballs)) {
    const found = await checkManager(manager, {
      tarballs,
      folder: path.join(folder, manager.name),
    });
    problems.push(...found.map((problem) => `${manager.name}: ${problem}`));
  }
  return problems;
}

function managersFor(tarballs: Tarballs): readonly Manager[] {
  const workspace = { packages: ['.'], overrides: filesOf(tarballs), autoInstallPeers: true };
  return [
    {
      name: 'npm',
      files: {},
      install: ['npm', 'install', '--no-audit', '--no-fund'],
      run: ['npm', 'exec', '--'],
    },
    {
      name: 'pnpm',
      // JSON is YAML.
      files: { 'pnpm-workspace.yaml': JSON.stringify(workspace) },
      install: [...PNPM, 'install', '--no-frozen-lockfile'],
      run: [...PNPM, 'exec'],
    },
    ...['pnp', 'node-modules'].map((linker) => ({
      name: `yarn-${linker}`,
      files: {
        'yarn.lock': '',
        '.yarnrc.yml': `nodeLinker: ${linker}\nenableTelemetry: false\nenableImmutableInstalls: false\n`,
      },
      install: [...YARN, 'install'] as const,
      run: [...YARN, 'run'] as const,
    })),
  ];
}

async function checkManager(
  { files, install, run }: Manager,
  { tarballs, folder }: { readonly tarballs: Tarballs; readonly folder: string },
): Promise<readonly string[]> {
  await mkdir(folder, { recursive: true });
  const ours = filesOf(tarballs);
  const written = {
    ...files,
    'package.json': JSON.stringify({
      name: 'user',
      private: true,
      type: 'module',
      dependencies: ours,
      // Ours are in no registry yet: npm takes the first of these members, yarn the second.
      overrides: Object.fromEntries(Object.keys(ours).map((name) => [name, `$${name}`])),
      resolutions: ours,
    }),
    'operator.config.yaml':
      "subjects: { prod: { plugin: operator-tikv, config: { pdEndpoints: ['http://127.0.0.1:9'] } } }\n",
  };
  for (const [name, text] of Object.entries(written))
    await writeFile(path.join(folder, name), text);
  const problems = await inFolder(install, folder);
  return problems.length > 0 ? problems : inFolder([...run, 'operator', 'actions'], folder);
}

/** Our own manager of packages must not decide for the others. */
async function inFolder([program, ...words]: CommandLine, cwd: string): Promise<readonly string[]> {
  return problemsOf(
    'env',
    ['-u', 'npm_config_user_agent', `PATH=${pathWithNode()}`, program, ...words],
    { cwd },
  );
}

function pathWithNode(): string {
  return `${path.dirname(process.execPath)}${path.delimiter}${process.env['PATH'] ?? ''}`;
}

function filesOf(tarballs: Tarballs): Readonly<Record<string, string>> {
  return Object.fromEntries([...tarballs].map(([name, file]) => [name, `file:${file}`]));
}
