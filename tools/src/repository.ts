import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { ROOT } from './root.ts';
import { runCommand } from './run-command.ts';

/** A text file of the repository. */
export interface SourceFile {
  /** From the root, with `/`. */
  readonly path: string;
  readonly text: string;
}

const BINARY = /\.(png|jpg|gif|ico|tgz|gz|zip)$/u;

/** Every text file that belongs to the repository, committed or about to be. */
export async function listFiles(root: string = ROOT): Promise<readonly SourceFile[]> {
  const words = ['ls-files', '-z', '--cached', '--others', '--exclude-standard'];
  const { code, stdout, output } = await runCommand('git', words, { cwd: root });
  if (code !== 0) throw new Error(`git cannot list the files: ${output}`);
  const paths = stdout
    .split('\0')
    .filter((file) => file !== '' && !BINARY.test(file) && existsSync(path.join(root, file)));
  return Promise.all(
    [...new Set(paths)].map(async (file) => ({
      path: file,
      text: await readFile(path.join(root, file), 'utf8'),
    })),
  );
}

/** The part of a package.json that the checks look at. */
export interface Manifest {
  readonly name: string;
  readonly version?: string;
  readonly description?: string;
  readonly license?: string;
  readonly type?: string;
  readonly private?: boolean;
  readonly sideEffects?: boolean;
  readonly files?: readonly string[];
  readonly keywords?: readonly string[];
  readonly engines?: Readonly<Record<string, string>>;
  readonly exports?: Readonly<Record<string, unknown>>;
  readonly publishConfig?: {
    readonly access?: string;
    readonly exports?: Readonly<Record<string, unknown>>;
  };
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/** A package of the workspace. */
export interface WorkspacePackage {
  /** From the root, with `/`: `packages/operator-core`. */
  readonly folder: string;
  readonly manifest: Manifest;
}

/** Every package in `packages/`, sorted by name; those that are published are not private. */
export async function listPackages(root: string = ROOT): Promise<readonly WorkspacePackage[]> {
  const names = await readdir(path.join(root, 'packages'));
  const folders = names.toSorted().map((name) => `packages/${name}`);
  return Promise.all(
    folders
      .filter((folder) => existsSync(path.join(root, folder, 'package.json')))
      .map(async (folder) => ({ folder, manifest: await readManifest(path.join(root, folder)) })),
  );
}

/** Those packages that are published. */
export async function listPublished(root: string = ROOT): Promise<readonly WorkspacePackage[]> {
  return (await listPackages(root)).filter(({ manifest }) => manifest.private !== true);
}

async function readManifest(folder: string): Promise<Manifest> {
  // Written by us, and read here to be checked.
  return JSON.parse(await readFile(path.join(folder, 'package.json'), 'utf8')) as Manifest;
}
