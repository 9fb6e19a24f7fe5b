import {
  fstatSync,
  mkdirSync,
  openSync,
  closeSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { createEngineError } from '../errors/engine-error.ts';
import { describeCause } from '../errors/describe-cause.ts';
import type { Environment } from '../identity/environment.ts';

/** The file in which a user keeps the paths that they trust: in the folder for configurations of that user. */
export function trustFile(env: Environment): string {
  const configured = env['XDG_CONFIG_HOME'];
  const home = env['HOME'] || homedir();
  const folder =
    configured !== undefined && path.isAbsolute(configured)
      ? configured
      : path.join(home, '.config');
  return path.join(folder, 'operator', 'trusted-paths.json');
}

/** The trusted paths, in order. A file that another user owns or may write lists none. */
export function readTrustedPaths(env: Environment): readonly string[] {
  let descriptor: number;
  try {
    descriptor = openSync(trustFile(env), 'r');
  } catch {
    return [];
  }
  try {
    const { uid, mode } = fstatSync(descriptor);
    const own = process.geteuid?.();
    if (own !== undefined && (uid !== own || (mode & 0o022) !== 0)) return [];
    const value: unknown = JSON.parse(readFileSync(descriptor, 'utf8'));
    return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
  } catch {
    return [];
  } finally {
    closeSync(descriptor);
  }
}

/** Replaces the list. Throws `TRUST_NOT_WRITTEN`. */
export function writeTrustedPaths(env: Environment, paths: readonly string[]): void {
  const file = trustFile(env);
  const beside = `${file}.new-${process.pid}`;
  try {
    mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
    writeFileSync(beside, `${JSON.stringify(paths, null, 2)}\n`, { mode: 0o600, flag: 'wx' });
    renameSync(beside, file);
  } catch (error) {
    throw createEngineError('TRUST_NOT_WRITTEN', {
      message: `The list of trusted paths ${file} cannot be written: ${describeCause(error)}.`,
      remedy: 'Check that you may write that folder, or set XDG_CONFIG_HOME.',
      facts: { file },
      cause: error,
    });
  }
}
