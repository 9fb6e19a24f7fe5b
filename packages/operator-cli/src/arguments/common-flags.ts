import { didYouMean } from './check-arguments.ts';
import { parseDuration } from './parse-duration.ts';
import { readFlag } from './read-flag.ts';
import type { Flag } from './flag.ts';
import type { ScannedArguments } from './interpret.ts';

/** Flag for the reason of a command, which is kept in the audit. */
export const REASON: Flag = {
  name: 'reason',
  value: 'TEXT',
  description: 'The reason, which is kept in the audit.',
};

/** Number of entries to show. */
export const LIMIT: Flag = {
  name: 'limit',
  value: 'NUMBER',
  description: 'Largest number of results, 1 to 1000. Default: 50.',
};

/** Problems of a required `--reason` that is missing or empty. */
export function requireReason(scanned: ScannedArguments): readonly string[] {
  const isGiven = (readFlag(scanned, 'reason') ?? '').trim() !== '';
  return isGiven ? [] : ['--reason is missing: say why; it is kept in the audit.'];
}

/** Recorded in place of a missing reason. */
export const NO_REASON = 'no reason was given';

/** The reason given, or {@link NO_REASON}. */
export function readReason(scanned: ScannedArguments): string {
  return readFlag(scanned, 'reason')?.trim() || NO_REASON;
}

/** Problems of `--for`. A lease lasts a second at least. */
export function checkFor(scanned: ScannedArguments): readonly string[] {
  const text = readFlag(scanned, 'for');
  if (text === undefined || (parseDuration(text) ?? 0) >= 1000) return [];
  return ['--for must be a duration from 1s to a week, as 90s, 30m or 2h.'];
}

/** `--for` in milliseconds, or `undefined`. */
export function readFor(scanned: ScannedArguments): number | undefined {
  return parseDuration(readFlag(scanned, 'for') ?? '') ?? undefined;
}

/** Problems of `--limit`. */
export function checkLimit(scanned: ScannedArguments): readonly string[] {
  const text = readFlag(scanned, 'limit');
  if (text === undefined) return [];
  const isFine = /^[1-9]\d{0,3}$/u.test(text) && Number(text) <= 1000;
  return isFine ? [] : ['--limit must be a whole number from 1 to 1000.'];
}

/** `--limit`, or its default. */
export function readLimit(scanned: ScannedArguments): number {
  return Number(readFlag(scanned, 'limit') ?? 50);
}

/** Problems of a flag that takes an instant. */
export function checkTime(scanned: ScannedArguments, name: string): readonly string[] {
  const text = readFlag(scanned, name);
  if (text === undefined || parseTime(text) !== null) return [];
  return [`--${name} must be a time in UTC, as 2026-11-21 or 2026-11-21T08:00:00Z.`];
}

/** A flag that takes an instant, as RFC 3339; or `undefined`. */
export function readTime(scanned: ScannedArguments, name: string): string | undefined {
  return parseTime(readFlag(scanned, name) ?? '') ?? undefined;
}

/** Problems of a flag that takes names out of a list. */
export function checkNames(
  scanned: ScannedArguments,
  flag: string,
  names: readonly string[],
): readonly string[] {
  return readTexts(scanned, flag)
    .filter((text) => !names.includes(text))
    .map((text) => {
      const hint = didYouMean(text, names) || `; there are ${names.join(', ')}.`;
      return `--${flag} cannot be ${JSON.stringify(text.slice(0, 60))}${hint}`;
    });
}

/** The names given with such a flag. */
export function readNames<Name extends string>(
  scanned: ScannedArguments,
  flag: string,
  names: readonly Name[],
): readonly Name[] {
  const texts = readTexts(scanned, flag);
  return names.filter((name) => texts.includes(name));
}

/** All texts given with a flag that may be given several times. */
export function readTexts({ flags }: ScannedArguments, name: string): readonly string[] {
  return (flags.get(name) ?? []).filter((value) => typeof value === 'string');
}

function parseTime(text: string): string | null {
  if (!/^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?Z)?$/u.test(text)) return null;
  const time = new Date(text);
  // The 31st of a short month would silently be another day.
  const isReal = !Number.isNaN(time.getTime()) && time.toISOString().startsWith(text.slice(0, 10));
  return isReal ? time.toISOString() : null;
}
