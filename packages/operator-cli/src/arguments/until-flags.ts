import type { ApplyOptions } from 'operator-engine';
import { parseDuration } from './parse-duration.ts';
import { readFlag } from './read-flag.ts';
import type { ScannedArguments } from './interpret.ts';

/** Milliseconds to wait for a condition when `--until-within` is not given. */
const USUAL_WAIT_MS = 10 * 60_000;

/** Problems of `--until` and `--until-within`, as sentences. */
export function checkUntil(scanned: ScannedArguments): readonly string[] {
  const text = readFlag(scanned, 'until');
  const within = readFlag(scanned, 'until-within');
  if (text?.trim() === '') return ['--until must not be empty.'];
  if (within === undefined) return [];
  if (text === undefined) return ['--until-within needs --until: the condition to wait for.'];
  if ((parseDuration(within) ?? 0) > 0) return [];
  return ['--until-within must be a duration of at most a week, as 90s, 5m or 1h.'];
}

/** `--until` as an option of a run. */
export function readUntil(scanned: ScannedArguments): ApplyOptions['until'] {
  const condition = readFlag(scanned, 'until');
  if (condition === undefined) return undefined;
  const withinMs = parseDuration(readFlag(scanned, 'until-within') ?? '') ?? USUAL_WAIT_MS;
  return { condition, withinMs };
}
