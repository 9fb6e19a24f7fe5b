import { resolve } from 'node:path';
import type { JsonValue } from 'operator-core';
import type { Environment } from '../identity/environment.ts';
import { toObject } from './config-document.ts';
import type { ConfigDocument } from './config-document.ts';
import { createConfigInvalid } from './config-invalid.ts';
import type { ConfigIssue } from './config-issue.ts';
import { locate } from './config-schema.ts';
import { interpolate } from './interpolate.ts';
import type { VariableIssue } from './interpolate.ts';

/** A configuration file that is being read. */
export interface ConfigPlace {
  readonly path: string;
  readonly directory: string;
  readonly env: Environment;
}

/** Path of a file that the configuration names, relative to its folder; `null` for none. Throws `CONFIG_INVALID`. */
export function readFileName(
  document: ConfigDocument,
  place: readonly string[],
  at: ConfigPlace,
): string | null {
  const value = readFilled(document, place, at);
  if (value === null) return null;
  if (typeof value === 'string' && value !== '') return resolve(at.directory, value);
  throw createConfigInvalid(at.path, [locate(document, place, 'must be the path of a file')]);
}

/** A value of the configuration, its variables filled in; `null` where there is none. Throws `CONFIG_INVALID` for variables that are not set. */
export function readFilled(
  document: ConfigDocument,
  place: readonly string[],
  { path, env }: Pick<ConfigPlace, 'path' | 'env'>,
): JsonValue {
  const named = place.reduce<JsonValue | undefined>(
    (value, key) => toObject(value)[key],
    document.value,
  );
  if (named === undefined) return null;
  const { value, issues } = interpolate(named, place, env);
  if (issues.length > 0) throw createConfigInvalid(path, locateAll(document, issues));
  return value;
}

/** Issues with their lines and columns in the file. */
export function locateAll(
  document: ConfigDocument,
  issues: readonly VariableIssue[],
): readonly ConfigIssue[] {
  return issues.map(({ path, message }) => locate(document, path, message));
}
