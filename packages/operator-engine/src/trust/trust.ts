import { advise } from 'operator-core';
import { existsSync, realpathSync } from 'node:fs';
import path from 'node:path';
import type { OperatorError } from 'operator-core';
import type { Environment } from '../identity/environment.ts';
import { operations } from '../errors/operations.ts';
import { createEngineError } from '../errors/engine-error.ts';
import { findDistrust } from './find-distrust.ts';
import type { Distrust } from './find-distrust.ts';
import { readTrustedPaths, writeTrustedPaths } from './trusted-paths.ts';

/** Decides which files this user lets decide for them. */
export class Trust {
  readonly #env: Environment;

  constructor(env: Environment) {
    this.#env = env;
  }

  /** `CONFIG_NOT_TRUSTED`, or `null`. */
  objectToConfig(file: string): OperatorError | null {
    return this.#object(file, path.dirname(file), {
      code: 'CONFIG_NOT_TRUSTED',
      what: 'configuration',
    });
  }

  /** `POLICY_NOT_TRUSTED`, or `null`. */
  objectToPolicy(file: string): OperatorError | null {
    return this.#object(file, file, { code: 'POLICY_NOT_TRUSTED', what: 'policy' });
  }

  /** `PLUGIN_NOT_TRUSTED`, or `null`. `folder`: that of the plugin's package. */
  objectToPlugin(file: string, folder: string): OperatorError | null {
    return this.#object(file, folder, { code: 'PLUGIN_NOT_TRUSTED', what: 'plugin' });
  }

  #object(
    file: string,
    offered: string,
    about: { code: NotTrusted; what: string },
  ): OperatorError | null {
    const distrust = this.#find(file);
    return distrust === null ? null : createNotTrusted({ file, offered, distrust, ...about });
  }

  #find(file: string): Distrust | null {
    const found = findDistrust(file, () => false);
    if (found === null) return null;
    // Few need the list: it is read when something is wrong without it.
    const trusted = readTrustedPaths(this.#env);
    return trusted.length === 0 ? found : findDistrust(file, (place) => trusted.includes(place));
  }
}

type NotTrusted = 'CONFIG_NOT_TRUSTED' | 'POLICY_NOT_TRUSTED' | 'PLUGIN_NOT_TRUSTED';

function createNotTrusted(found: {
  code: NotTrusted;
  what: string;
  file: string;
  offered: string;
  distrust: Distrust;
}): OperatorError {
  const { code, what, file, offered, distrust } = found;
  const where = distrust.path === file ? 'it' : distrust.path;
  const why = distrust.why.replace(/^it /u, `${where} `).replace(/write it$/u, `write ${where}`);
  return createEngineError(code, {
    message: `The ${what} ${file} is not used: ${why}. Other users could change what you run.`,
    remedy: advise`If you trust everyone who may write there: ${operations.trustPath(offered)}. Otherwise use files that only you or root can write.`,
    facts: { file, path: distrust.path, why: distrust.why },
  });
}

/** Adds a path to those that this user trusts, as it really is; the list afterwards. Throws `CONFIG_NOT_FOUND`. */
export function trustPath(
  env: Environment,
  given: string,
): { path: string; all: readonly string[] } {
  const real = toReal(given);
  // A link on the way there is trusted with it.
  const paths = [path.resolve(given), real];
  const all = [...new Set([...readTrustedPaths(env), ...paths])].toSorted();
  writeTrustedPaths(env, all);
  return { path: real, all };
}

/** Takes a path away from those that this user trusts; the list afterwards. */
export function distrustPath(env: Environment, given: string): readonly string[] {
  const lexical = path.resolve(given);
  const paths = existsSync(lexical) ? [lexical, realpathSync(lexical)] : [lexical];
  const all = readTrustedPaths(env).filter((one) => !paths.includes(one));
  writeTrustedPaths(env, all);
  return all;
}

function toReal(given: string): string {
  try {
    return realpathSync(given);
  } catch (error) {
    throw createEngineError('CONFIG_NOT_FOUND', {
      message: `There is no file or folder ${given}.`,
      remedy: 'Name a file, or a folder with everything below it.',
      facts: { searched: [given] },
      cause: error,
    });
  }
}
