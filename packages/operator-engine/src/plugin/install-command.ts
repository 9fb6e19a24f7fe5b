import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The command that installs `name`, for the package manager whose lockfile is nearest. */
export function installCommand(name: string, directory: string): string {
  for (let folder = directory; ; folder = dirname(folder)) {
    const has = (file: string): boolean => existsSync(join(folder, file));
    if (has('pnpm-lock.yaml')) {
      // pnpm refuses to add to the root of a workspace unless it is told that it is meant.
      const isRoot = folder === directory && has('pnpm-workspace.yaml');
      return isRoot ? `pnpm add -w ${name}` : `pnpm add ${name}`;
    }
    if (has('yarn.lock')) return `yarn add ${name}`;
    if (has('package-lock.json') || dirname(folder) === folder) return `npm install ${name}`;
  }
}
