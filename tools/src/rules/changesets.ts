import type { SourceFile, WorkspacePackage } from '../repository.ts';

const FRONT_MATTER = /^---\n([\s\S]*?)\n---\n([\s\S]*)$/u;
const RELEASE = /^(['"]?)([^'":]+)\1:\s*(major|minor|patch)\s*$/u;

/**
 * Published packages that no changeset names and that have no entry for their version either. Looks
 * at files alone: neither a branch nor any history is needed.
 */
export function checkChangesets(
  packages: readonly WorkspacePackage[],
  files: readonly SourceFile[],
): readonly string[] {
  const changesets = files.filter(
    ({ path }) => /^\.changeset\/[^/]+\.md$/u.test(path) && path !== '.changeset/README.md',
  );
  const parsed = changesets.map((file) => ({ file, ...parseChangeset(file.text) }));
  const known = packages.map(({ manifest }) => manifest.name);
  const named = new Set(parsed.flatMap(({ names }) => names));
  return [
    ...parsed.flatMap(({ file, problem }) =>
      problem === null ? [] : [`${file.path}: ${problem}`],
    ),
    ...parsed.flatMap(({ file, names }) =>
      names
        .filter((name) => !known.includes(name))
        .map((name) => `${file.path}: names ${name}, which is not published`),
    ),
    ...packages
      .filter((one) => !named.has(one.manifest.name) && !hasEntry(one, files))
      .map(({ manifest }) => `${manifest.name}: no changeset and no entry in its changelog`),
  ];
}

function parseChangeset(text: string): { names: readonly string[]; problem: string | null } {
  const [, head = '', words = ''] = FRONT_MATTER.exec(text) ?? [];
  const lines = head.split('\n').filter((line) => line.trim() !== '');
  const names = lines.flatMap((line) => RELEASE.exec(line)?.[2] ?? []);
  if (names.length !== lines.length || names.length === 0) {
    return { names, problem: 'is not a changeset: package names with major, minor or patch' };
  }
  return { names, problem: words.trim() === '' ? 'does not say what changed' : null };
}

function hasEntry({ folder, manifest }: WorkspacePackage, files: readonly SourceFile[]): boolean {
  const changelog = files.find(({ path }) => path === `${folder}/CHANGELOG.md`);
  return changelog?.text.split('\n').includes(`## ${manifest.version}`) === true;
}
