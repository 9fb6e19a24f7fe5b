import { mkdir, readdir } from 'node:fs/promises';
import path from 'node:path';
import type { WorkspacePackage } from './repository.ts';
import { ROOT } from './root.ts';
import { binary, problemsOf, runCommand } from './run-command.ts';

/** The pnpm that runs this, or else the one that npm would fetch. */
export function pnpm(): readonly [string, ...string[]] {
  const running = process.env['npm_execpath'];
  return running !== undefined && path.basename(running).startsWith('pnpm')
    ? [running]
    : ['npx', '-y', 'pnpm@12'];
}

/** Packs every package as it would be published. Gives the tarball of each by name. */
export async function packAll(
  packages: readonly WorkspacePackage[],
  folder: string,
): Promise<ReadonlyMap<string, string>> {
  await mkdir(folder, { recursive: true });
  const [program, ...fixed] = pnpm();
  const tarballs = new Map<string, string>();
  for (const { folder: cwd, manifest } of packages) {
    const words = [...fixed, 'pack', '--pack-destination', folder];
    const { code, output } = await runCommand(program, words, { cwd: path.join(ROOT, cwd) });
    const file = `${manifest.name}-${manifest.version}.tgz`;
    if (code !== 0 || !(await readdir(folder)).includes(file)) {
      throw new Error(`${manifest.name} cannot be packed:\n${output}`);
    }
    tarballs.set(manifest.name, path.join(folder, file));
  }
  return tarballs;
}

/** Problems that publint and attw find in the tarballs. */
export async function checkTarballs(tarballs: Iterable<string>): Promise<readonly string[]> {
  const problems: string[] = [];
  for (const tarball of tarballs) {
    problems.push(
      ...(await problemsOf(binary('publint', 'tools'), ['run', tarball, '--strict'])),
      ...(await problemsOf(binary('attw', 'tools'), [tarball, '--profile', 'esm-only'])),
    );
  }
  return problems;
}
