import type { JsonValue } from 'operator-core';
import type { Environment } from '../identity/environment.ts';
import type { ConfigPath } from './config-issue.ts';

/** A variable that cannot be filled in. */
export interface VariableIssue {
  readonly path: ConfigPath;
  readonly message: string;
  /** True when the text is right and only the environment lacks the variable. */
  readonly isUnset: boolean;
}

/** A value with its variables filled in. */
export interface Interpolated {
  readonly value: JsonValue;
  readonly issues: readonly VariableIssue[];
}

const ESCAPED = '$${';
const PATTERN = /\$\$\{|\$\{[^}]*\}?/gu;
const REFERENCE = /^\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-(.*))?\}$/su;

/**
 * Fills `${NAME}` and `${NAME:-default}` in every text of `value`; `$${` stands for `${`. The default
 * also counts when the variable is empty, as in a shell. Messages name variables, never their values.
 */
export function interpolate(value: JsonValue, path: ConfigPath, env: Environment): Interpolated {
  if (typeof value === 'string') return interpolateText(value, path, env);
  if (typeof value !== 'object' || value === null) return { value, issues: [] };
  const entries: [string | number, JsonValue][] = isList(value)
    ? value.map((item, index) => [index, item])
    : Object.entries(value);
  const filled = entries.map(([key, item]) => interpolate(item, [...path, key], env));
  const values = filled.map((one) => one.value);
  return {
    value: isList(value)
      ? values
      : Object.fromEntries(entries.map(([key], index) => [String(key), values[index] ?? null])),
    issues: filled.flatMap((one) => one.issues),
  };
}

function interpolateText(text: string, path: ConfigPath, env: Environment): Interpolated {
  const issues: VariableIssue[] = [];
  const value = text.replaceAll(PATTERN, (reference) => {
    if (reference === ESCAPED) return '${';
    const filled = fill(reference, env);
    if ('text' in filled) return filled.text;
    issues.push({ path, ...filled });
    return '';
  });
  return { value, issues };
}

function fill(reference: string, env: Environment): { text: string } | Omit<VariableIssue, 'path'> {
  const match = REFERENCE.exec(reference);
  if (match === null) {
    const message = `${reference} is not \${NAME} or \${NAME:-default} (write $\${ for a plain \${)`;
    return { message, isUnset: false };
  }
  const [, name = '', otherwise] = match;
  const found = env[name];
  if (otherwise !== undefined) return { text: found || otherwise };
  if (found !== undefined) return { text: found };
  return { message: `the environment variable ${name} is not set`, isUnset: true };
}

function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}
