import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { createRequire, isBuiltin } from 'node:module';
import { dirname, join, resolve as resolvePath } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Environment } from '../identity/environment.ts';
import { Trust } from '../trust/trust.ts';
import { createEngineError } from '../errors/engine-error.ts';
import { describeCause } from '../errors/describe-cause.ts';
import { importTarget } from './import-target.ts';
import { installCommand } from './install-command.ts';
import { findPnpPackage, findUnusedPnp, toPhysicalPath } from './plug-n-play.ts';

/** Kinds of packages that a configuration names. */
export type PackageRole = 'plugin' | 'ledger driver';

/** Places in which a plugin is searched. */
export interface PluginPlaces {
  /** The folder of the configuration: first. */
  readonly configDirectory: string;
  /** A file of the host, as path or file URL: second. */
  readonly hostUrl: string;
  /** Variables for the paths that this user trusts. Default: the environment of the process. */
  readonly env?: Environment;
  /** Kind of the package, for errors. Default: `plugin`. */
  readonly role?: PackageRole;
}

/**
 * The file URL of a plugin's entry. Throws `PLUGIN_NOT_FOUND` only when the package or file itself is
 * missing, `PLUGIN_IMPORT_FAILED` for a package that has nothing to import, and `PLUGIN_NOT_TRUSTED` for code
 * that another user could have written.
 */
export function resolvePlugin(specifier: string, places: PluginPlaces): string {
  const { location, folder } = findEntry(specifier, places);
  const root = toPhysicalPath(folder);
  const trust = new Trust(places.env ?? process.env);
  const objection =
    trust.objectToPlugin(root, root) ??
    trust.objectToPlugin(toPhysicalPath(fileURLToPath(location)), root);
  if (objection !== null) throw objection;
  return location;
}

/** The file URL of an entry, and the folder of its package, or the file itself. */
interface Entry {
  readonly location: string;
  readonly folder: string;
}

function findEntry(specifier: string, places: PluginPlaces): Entry {
  if (/^(?:\.|\/|file:)/u.test(specifier)) return resolveFile(specifier, places);
  const { role = 'plugin' } = places;
  const bases = [join(places.configDirectory, 'operator.config.yaml'), toPath(places.hostUrl)];
  for (const base of bases) {
    const folder = findPackage(specifier, base);
    if (folder !== null)
      return { folder, location: resolveEntry(specifier, { base, folder, role }) };
  }
  throw missingPackage(specifier, places);
}

function resolveFile(specifier: string, places: PluginPlaces): Entry {
  const { configDirectory: directory, role = 'plugin' } = places;
  const path = specifier.startsWith('file:')
    ? fileURLToPath(specifier)
    : resolvePath(directory, specifier);
  if (!existsSync(path)) {
    throw createEngineError('PLUGIN_NOT_FOUND', {
      message: `The ${role} ${specifier} does not exist: there is no file ${path}.`,
      remedy: 'Correct the path in the configuration; it is relative to that file.',
      facts: { plugin: specifier, searched: [path] },
    });
  }
  // A folder has an entry as a package has.
  const where = { base: join(directory, 'operator.config.yaml'), folder: path, role };
  return { folder: path, location: resolveEntry(path, where) };
}

function findPackage(specifier: string, base: string): string | null {
  const name = packageName(specifier);
  if (isBuiltin(name)) return null;
  const folders = createRequire(base).resolve.paths(name) ?? [];
  const found = folders.map((folder) => join(folder, name)).find((folder) => existsSync(folder));
  return found ?? findPnpPackage(name, base);
}

function resolveEntry(
  specifier: string,
  where: { base: string; folder: string; role: PackageRole },
): string {
  try {
    return pathToFileURL(createRequire(where.base).resolve(specifier)).href;
  } catch (error) {
    const target = importOnlyTarget(specifier, where.folder);
    if (target !== null) return target;
    throw createEngineError('PLUGIN_IMPORT_FAILED', {
      message: `The ${where.role} ${specifier} is in ${where.folder}, but has nothing to import: ${firstLine(error)}.`,
      remedy: 'Build or reinstall the package; its exports must end in "default".',
      facts: { plugin: specifier, folder: where.folder },
      cause: error,
    });
  }
}

/** Node resolves for `require` here; a package that only exports for `import` is resolved by hand. */
function importOnlyTarget(specifier: string, folder: string): string | null {
  const manifest = join(folder, 'package.json');
  if (!existsSync(manifest) || (packageName(specifier) !== specifier && specifier !== folder)) {
    return null;
  }
  const target = importTarget(readFileSync(manifest, 'utf8'));
  const path = target === null ? null : join(realpathSync(folder), target);
  return path !== null && existsSync(path) ? pathToFileURL(path).href : null;
}

function missingPackage(specifier: string, places: PluginPlaces): Error {
  const name = packageName(specifier);
  const unused = findUnusedPnp(places.configDirectory);
  if (unused !== null) return hiddenPackage(specifier, { ...places, unused });
  const command = installCommand(name, places.configDirectory);
  return createEngineError('PLUGIN_NOT_FOUND', {
    message: `The ${places.role ?? 'plugin'} ${specifier} is not installed: there is no package ${name} for ${places.configDirectory}.`,
    remedy: `Run \`${command}\` in ${places.configDirectory}.`,
    facts: {
      plugin: specifier,
      package: name,
      install: command,
      directory: places.configDirectory,
    },
  });
}

/** The package may be installed: only a process that yarn starts can find it. */
function hiddenPackage(specifier: string, places: PluginPlaces & { unused: string }): Error {
  const { role = 'plugin', unused, configDirectory: directory } = places;
  return createEngineError('PLUGIN_NOT_FOUND', {
    message: `The ${role} ${specifier} was not found: Yarn Plug'n'Play keeps the places of packages in ${unused}, and this process was started without it.`,
    remedy: `Start the program by \`yarn run\` in ${dirname(unused)}, or set \`nodeLinker: node-modules\` in its .yarnrc.yml.`,
    facts: { plugin: specifier, package: packageName(specifier), directory, plugAndPlay: unused },
  });
}

function packageName(specifier: string): string {
  const parts = specifier.split('/');
  return parts.slice(0, specifier.startsWith('@') ? 2 : 1).join('/');
}

function toPath(urlOrPath: string): string {
  return urlOrPath.startsWith('file:') ? fileURLToPath(urlOrPath) : urlOrPath;
}

function firstLine(error: unknown): string {
  return describeCause(error).split('\n')[0] ?? '';
}
