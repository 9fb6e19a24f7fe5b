import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { checkOutside } from './outside-project.ts';
import { checkManagers } from './package-managers.ts';
import { listFiles, listPackages, listPublished } from './repository.ts';
import { ROOT } from './root.ts';
import { checkArchitecture } from './rules/architecture.ts';
import { checkChangesets } from './rules/changesets.ts';
import { checkDocumented } from './rules/documented.ts';
import { checkFileNames } from './rules/file-names.ts';
import { checkFolders } from './rules/folders.ts';
import { checkImports } from './rules/imports.ts';
import { checkLinks } from './rules/links.ts';
import { checkManifests } from './rules/manifests.ts';
import { checkProse } from './rules/prose.ts';
import { checkWords } from './rules/words.ts';
import { binary, problemsOf } from './run-command.ts';
import type { Step } from './run-step.ts';
import { checkTarballs, packAll } from './tarballs.ts';

const turbo = binary('turbo');

/** Everything that `pnpm check` looks at, the quick things first. */
export const STEPS: readonly Step[] = [
  {
    name: 'format',
    about: 'every file is formatted',
    run: () => problemsOf(binary('oxfmt'), ['--check', '.']),
  },
  {
    name: 'rules',
    about: 'rules of the project: names, words, prose, links, package.json',
    run: async () => {
      const files = await listFiles();
      const packages = await listPackages();
      return [
        ...checkFileNames(files),
        ...checkWords(files),
        ...checkProse(files),
        ...checkDocumented(files),
        ...checkLinks(files),
        ...checkArchitecture(files),
        ...checkManifests(packages),
      ];
    },
  },
  {
    name: 'changeset',
    about: 'every published package has a changeset or a changelog entry',
    run: async () => checkChangesets(await listPublished(), await listFiles()),
  },
  {
    name: 'boundaries',
    about: 'packages and folders depend in one direction, and dependencies are declared',
    run: async () => {
      const packages = await listPackages();
      const files = await listFiles();
      return [
        ...checkImports(packages, files),
        ...checkFolders(packages, files),
        ...(await problemsOf(turbo, ['boundaries'])),
      ];
    },
  },
  {
    name: 'lint',
    about: 'oxlint, type-aware',
    run: () => problemsOf(binary('oxlint'), ['--type-aware', '--max-warnings', '0']),
  },
  {
    name: 'types',
    about: 'every package compiles, tests included',
    run: () => problemsOf(turbo, ['run', 'typecheck', '--output-logs', 'errors-only']),
  },
  {
    name: 'unused',
    about: 'no unused file, export or dependency (knip)',
    run: () => problemsOf(binary('knip'), ['--no-config-hints']),
  },
  {
    name: 'packages',
    about: 'packed tarballs: publint, attw, a plugin outside the workspace, and npm, pnpm and yarn',
    run: checkPackages,
  },
];

async function checkPackages(): Promise<readonly string[]> {
  const failed = await problemsOf(turbo, ['run', 'build', '--output-logs', 'errors-only'], {
    cwd: ROOT,
  });
  if (failed.length > 0) return failed;
  const folder = await mkdtemp(path.join(tmpdir(), 'operator-packages-'));
  try {
    const tarballs = await packAll(await listPublished(), path.join(folder, 'tarballs'));
    return [
      ...(await checkTarballs(tarballs.values())),
      ...(await checkOutside(tarballs, path.join(folder, 'outside'))),
      ...(await checkManagers(tarballs, path.join(folder, 'managers'))),
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
