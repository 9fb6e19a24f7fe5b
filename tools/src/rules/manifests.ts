import type { Manifest, WorkspacePackage } from '../repository.ts';

/** Checks that a package.json has all that is needed to install the package and to load it by configuration. */
export function checkManifests(packages: readonly WorkspacePackage[]): readonly string[] {
  return packages.flatMap(({ folder, manifest }) =>
    [...(manifest.private === true ? [] : checkPublished(manifest)), ...checkRanges(manifest)].map(
      (problem) => `${folder}/package.json: ${problem}`,
    ),
  );
}

function checkPublished(manifest: Manifest): readonly string[] {
  const { publishConfig = {} } = manifest;
  const facts: readonly (readonly [boolean, string])[] = [
    [(manifest.description ?? '') !== '', 'it has no description'],
    [manifest.license === 'Apache-2.0', 'its license is not Apache-2.0'],
    [manifest.type === 'module', 'it is no ES module'],
    [manifest.sideEffects === false, 'it does not say that it has no side effects'],
    [manifest.engines?.['node'] === '>=22.19', 'its floor of Node is not >=22.19'],
    [sameMembers(manifest.files, ['dist', 'src']), 'its files are not dist and src'],
    [publishConfig.access === 'public', 'it is not published publicly'],
    [manifest.exports?.['./package.json'] === './package.json', 'it hides its package.json'],
  ];
  return [
    ...facts.filter(([holds]) => !holds).map(([, problem]) => problem),
    ...checkExports(manifest.exports, ['@operator/source', 'types', 'default']),
    ...checkExports(publishConfig.exports, ['types', 'default']),
  ];
}

/** Resolving by `require` finds a package only where its exports end in `default`. */
function checkExports(
  exports: Readonly<Record<string, unknown>> | undefined,
  conditions: readonly string[],
): readonly string[] {
  const entries = Object.entries(exports ?? {}).filter(([name]) => name !== './package.json');
  if (entries.length === 0) return [`it exports nothing under ${conditions.join(', ')}`];
  return entries
    .filter(([, entry]) => Object.keys(Object(entry)).join() !== conditions.join())
    .map(([name]) => `its export ${name} does not have exactly ${conditions.join(', ')}`);
}

function checkRanges(manifest: Manifest): readonly string[] {
  const { dependencies, devDependencies, peerDependencies } = manifest;
  const all = Object.entries({ ...peerDependencies, ...devDependencies, ...dependencies });
  return all
    .filter(([name, range]) => range !== (isOurs(name) ? 'workspace:^' : 'catalog:'))
    .map(([name]) => `the version of ${name} stands here instead of in the workspace`);
}

function isOurs(name: string): boolean {
  return name.startsWith('operator-');
}

function sameMembers(one: readonly string[] | undefined, other: readonly string[]): boolean {
  return one?.toSorted().join() === other.toSorted().join();
}
