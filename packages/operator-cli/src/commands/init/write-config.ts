import { existsSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { advise } from 'operator-core';
import { CHOOSE_CONFIG, createCliError } from '../../errors/error-codes.ts';
import { toJson, toYaml } from './config-file.ts';
import type { NewConfig } from './config-file.ts';

/** File for a new configuration. */
export interface Destination {
  readonly path: string;
  readonly directory: string;
  /** Throws `CONFIG_EXISTS` when a file exists: none is ever overwritten. */
  refuseExisting(): void;
}

/** Possible file names of a configuration. */
export interface ConfigNames {
  /** The path in `--config`. */
  readonly named: string | undefined;
  /** Without `--config`; the first is preferred. */
  readonly names: readonly [string, ...string[]];
}

/** The file named by `--config`, else one of the usual name in the working directory. */
export function chooseDestination(cwd: string, { named, names }: ConfigNames): Destination {
  const path = resolve(cwd, named ?? names[0]);
  const directory = dirname(path);
  // Two configuration files in one directory are an error.
  const rivals = named === undefined ? names.map((name) => join(directory, name)) : [path];
  return {
    path,
    directory,
    refuseExisting: () => {
      const existing = rivals.find((rival) => existsSync(rival));
      if (existing !== undefined) throw createExists(existing);
    },
  };
}

/**
 * Writes the configuration, as JSON when the file's name ends with `.json`. Throws `CONFIG_EXISTS`,
 * `CONFIG_NOT_WRITTEN`.
 */
export function writeConfig(path: string, config: NewConfig): void {
  write(path, config, 'wx');
}

/**
 * Writes the configuration again to the file that {@link writeConfig} has just written. Throws
 * `CONFIG_NOT_WRITTEN`.
 */
export function replaceConfig(path: string, config: NewConfig): void {
  write(path, config, 'w');
}

function write(path: string, config: NewConfig, flag: 'w' | 'wx'): void {
  const text = path.endsWith('.json') ? toJson(config) : toYaml(config);
  try {
    writeFileSync(path, text, { flag });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') throw createExists(path);
    throw createCliError('CONFIG_NOT_WRITTEN', {
      message: `${path} could not be written: ${message}.`,
      remedy: advise`Choose another place with ${CHOOSE_CONFIG}, or correct the permissions.`,
      facts: { path, reason: code ?? 'unknown' },
      cause: error,
    });
  }
}

function createExists(path: string): Error {
  return createCliError('CONFIG_EXISTS', {
    message: `${path} exists already, and is not overwritten.`,
    remedy: advise`Edit it, or name another file with ${CHOOSE_CONFIG}.`,
    facts: { path },
  });
}
