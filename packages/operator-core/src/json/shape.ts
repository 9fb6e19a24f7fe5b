import { isJsonObject } from './json.ts';
import { nearestNames } from './nearest-names.ts';

/** The path of a plugin as a whole. */
export const WHOLE = 'the plugin';

/** Looks at one value: sentences that begin with `path`, none when it is as it should be. */
export type Check = (value: unknown, path: string) => readonly string[];

// By hand and not by a schema: a plugin is checked at every start of a program, and these few checks
// take a tenth of the time that making and running schemas takes.

/** Holds where `isRight` does; `rule` says what must be. */
export function must(rule: string, isRight: (value: unknown) => boolean): Check {
  return (value, path) => (isRight(value) ? [] : [`${path}: ${rule}`]);
}

/** `check`, for what may be left out. */
export function optional(check: Check): Check {
  return (value, path) => (value === undefined ? [] : check(value, path));
}

/** An object with these members and no others: an unknown one is a misspelt one, or of a later contract. */
export function members(checks: Readonly<Record<string, Check>>): Check {
  const known = Object.keys(checks);
  return (value, path) => {
    if (!isJsonObject(value)) return [`${path}: must be an object`];
    const unknown = Object.keys(value).filter((name) => !known.includes(name));
    return [
      ...Object.entries(checks).flatMap(([name, check]) => check(value[name], join(path, name))),
      ...unknown.map((name) => `${join(path, name)}: ${explainUnknown(name, known)}`),
    ];
  };
}

/** A list of values that are all like this. */
export function listOf(check: Check): Check {
  return (value, path) =>
    Array.isArray(value)
      ? [...value].flatMap((one, index) => check(one, join(path, String(index))))
      : [`${path}: must be a list`];
}

/** An object whose keys follow a pattern, with values that are all like this. */
export function tableOf(key: RegExp, rule: string, check: Check): Check {
  return (value, path) =>
    isJsonObject(value)
      ? Object.entries(value).flatMap(([name, one]) => [
          ...(key.test(name) ? [] : [`${join(path, name)}: ${rule}`]),
          ...check(one, join(path, name)),
        ])
      : [`${path}: must be an object`];
}

function explainUnknown(name: string, known: readonly string[]): string {
  const [nearest] = nearestNames(name, known);
  const hint = nearest === undefined ? '' : `; is it \`${nearest}\`?`;
  return `is not a member that the contract knows${hint}`;
}

function join(path: string, name: string): string {
  return path === WHOLE ? name : `${path}.${name}`;
}
