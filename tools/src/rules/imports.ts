import type { SourceFile, WorkspacePackage } from '../repository.ts';

/**
 * Packages of the workspace that the source of a package may import. This table fixes the direction of
 * dependencies, so every package must be in it.
 */
export const ALLOWED_IMPORTS: Readonly<Record<string, readonly string[]>> = {
  'operator-core': [],
  'operator-tikv': ['operator-core'],
  'operator-tikv-sim': [],
  'operator-engine': ['operator-core'],
  'operator-cli': ['operator-core', 'operator-engine'],
};

/** Packages that are bundled into a package, and therefore not its dependencies. */
const BUILT_IN: Readonly<Record<string, readonly string[]>> = {
  'operator-cli': ['operator-engine'],
};

const STATIC = /^(?:import|export)\s(?:[^'"`;]*?\sfrom\s+)?(['"])([^'"\n]+)\1/gmu;
const DYNAMIC = /\bimport\(\s*(['"])([^'"\n]+)\1/gu;

/** Every specifier that a source file imports. */
export function importsOf(text: string): readonly string[] {
  return [...text.matchAll(STATIC), ...text.matchAll(DYNAMIC)].map(
    ([, , specifier = '']) => specifier,
  );
}

/** Imports against the direction of dependencies, and imports that package.json does not declare. */
export function checkImports(
  packages: readonly WorkspacePackage[],
  files: readonly SourceFile[],
): readonly string[] {
  return packages.flatMap((one) => {
    const sources = files.filter(({ path }) => path.startsWith(`${one.folder}/src/`));
    return [...checkDeclared(one), ...sources.flatMap((file) => checkFile(one, file))];
  });
}

function checkDeclared({ folder, manifest }: WorkspacePackage): readonly string[] {
  const allowed = ALLOWED_IMPORTS[manifest.name];
  if (allowed === undefined) {
    return [`${folder}: ${manifest.name} does not stand in the table of allowed imports`];
  }
  return runtimeDependencies(manifest)
    .filter((name) => isOurs(name) && !allowed.includes(name))
    .map((name) => `${folder}/package.json: ${manifest.name} may not depend on ${name}`);
}

function checkFile({ folder, manifest }: WorkspacePackage, file: SourceFile): readonly string[] {
  const allowed = ALLOWED_IMPORTS[manifest.name] ?? [];
  const declared = [...runtimeDependencies(manifest), ...(BUILT_IN[manifest.name] ?? [])];
  return importsOf(file.text).flatMap((specifier) => {
    if (specifier.startsWith('node:')) return [];
    if (specifier.startsWith('.')) return leaves(file.path, specifier, folder);
    const name = packageOf(specifier);
    if (isOurs(name) && name !== manifest.name && !allowed.includes(name)) {
      return [`${file.path}: ${manifest.name} may not import ${name}`];
    }
    return declared.includes(name) ? [] : [`${file.path}: ${name} is not among its dependencies`];
  });
}

function leaves(file: string, specifier: string, folder: string): readonly string[] {
  const target = new URL(specifier, `file:///${file}`).pathname.slice(1);
  return target.startsWith(`${folder}/`) ? [] : [`${file}: ${specifier} leaves the package`];
}

function runtimeDependencies(manifest: WorkspacePackage['manifest']): readonly string[] {
  const { dependencies = {}, peerDependencies = {} } = manifest;
  return [...Object.keys(dependencies), ...Object.keys(peerDependencies)];
}

function packageOf(specifier: string): string {
  const [scope = '', name = ''] = specifier.split('/');
  return specifier.startsWith('@') ? `${scope}/${name}` : scope;
}

function isOurs(name: string): boolean {
  return name === 'operator' || name.startsWith('operator-');
}
