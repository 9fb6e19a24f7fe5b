import { nearestNames } from 'operator-core';
import { listFlagNames } from './flag.ts';
import type { Flag } from './flag.ts';
import type { ScannedArguments } from './interpret.ts';

/** Arguments that a command takes. */
export interface Expected {
  readonly flags: readonly Flag[];
  /** Largest number of positionals. */
  readonly positionals: number;
}

/** The positionals, except those that may be the value of an unknown flag. */
export function freePositionals({ positionals, unknown }: ScannedArguments): readonly string[] {
  const claimed = new Set(unknown.map(({ nextPositional }) => nextPositional));
  return positionals.filter((_, index) => !claimed.has(index));
}

/** All problems of the arguments, as sentences. */
export function checkArguments(
  scanned: ScannedArguments,
  { flags, positionals }: Expected,
): readonly string[] {
  const unknown = scanned.unknown.map(({ typed }) => describeUnknown(typed, flags));
  const unexpected = freePositionals(scanned)
    .slice(positionals)
    .map((text) => describeUnexpected(text, flags));
  return [...unknown, ...scanned.problems, ...unexpected];
}

/** A hint at the nearest names, or nothing. */
export function didYouMean(name: string, names: readonly string[]): string {
  const nearest = nearestNames(name, names);
  return nearest.length === 0 ? '' : `; did you mean ${nearest.join(' or ')}?`;
}

function describeUnknown(typed: string, flags: readonly Flag[]): string {
  // Names are compared as parameters are written, with underscores.
  const names = listFlagNames(flags).map((name) => name.replaceAll('-', '_'));
  const nearest = nearestNames(typed.replace(/^-+/u, ''), names);
  const meant = nearest.map((name) => `--${name.replaceAll('_', '-')}`).join(' or ');
  return `There is no flag ${typed.slice(0, 60)}${meant === '' ? '.' : `; did you mean ${meant}?`}`;
}

function describeUnexpected(text: string, flags: readonly Flag[]): string {
  const [name = '', value] = text.split('=', 2);
  const flag = flags.find((one) => one.name === name.replaceAll('_', '-'));
  const hint = flag !== undefined && value !== undefined ? ` Write --${flag.name}=${value}.` : '';
  return `There is an argument too many: ${JSON.stringify(text.slice(0, 60))}.${hint}`;
}
