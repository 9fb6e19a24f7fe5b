import { advise } from 'operator-core';
import { statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { createEngineError } from '../errors/engine-error.ts';
import { operations } from '../errors/operations.ts';
import { createConfigInvalid } from './config-invalid.ts';

/** File names of a configuration. */
export const CONFIG_FILE_NAMES = ['operator.config.yaml', 'operator.config.json'] as const;

/**
 * The path of the configuration file: the one named, else the first found from `cwd` upwards.
 * Throws `CONFIG_NOT_FOUND`, saying where it looked.
 */
export function findConfig(options: { cwd: string; configPath?: string | undefined }): string {
  const { cwd, configPath } = options;
  if (configPath !== undefined) return existingFile(resolve(cwd, configPath));
  for (const directory of directoriesFrom(resolve(cwd))) {
    const [first, second] = CONFIG_FILE_NAMES.map((name) => join(directory, name)).filter(isFile);
    if (first !== undefined && second !== undefined) throw refuseTwo(first, second);
    if (first !== undefined) return first;
  }
  throw createEngineError('CONFIG_NOT_FOUND', {
    message: `There is no ${CONFIG_FILE_NAMES.join(' or ')} in ${resolve(cwd)} or any folder above it.`,
    remedy: advise`Write one with ${operations.init}, or name one: ${operations.chooseConfig}.`,
    facts: { searched: directoriesFrom(resolve(cwd)) },
  });
}

function existingFile(path: string): string {
  if (isFile(path)) return path;
  throw createEngineError('CONFIG_NOT_FOUND', {
    message: `There is no configuration file ${path}.`,
    remedy: advise`Correct the path of ${operations.chooseConfig}, or write the file with ${operations.init}.`,
    facts: { searched: [path] },
  });
}

function refuseTwo(first: string, second: string): Error {
  const message = `there is also ${second}: only one of them can count`;
  return createConfigInvalid(first, [{ path: '', line: 1, column: 1, message }]);
}

function directoriesFrom(directory: string): string[] {
  const parent = dirname(directory);
  return parent === directory ? [directory] : [directory, ...directoriesFrom(parent)];
}

function isFile(path: string): boolean {
  // A directory of that name is a mistake, not a configuration; a named pipe may be one.
  try {
    const found = statSync(path, { throwIfNoEntry: false });
    return found !== undefined && !found.isDirectory();
  } catch {
    // It is there, but cannot be looked at (links in a circle): reading it says why.
    return true;
  }
}
