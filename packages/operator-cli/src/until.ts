import { OperatorError } from 'operator-core';
import type { ApplyOptions, ConditionReading, GatedSubject } from 'operator-engine';
import { parseDuration } from './arguments/parse-duration.ts';
import { readFlag } from './arguments/parse-arguments.ts';
import type { ScannedArguments } from './arguments/scan-arguments.ts';
import type { Invocation } from './command.ts';
import { printableLine } from './output/printable.ts';

const USUAL_WAIT_MS = 10 * 60_000;

/** The condition of `--until`, read before anything is planned. */
export interface ReadUntil {
  readonly text: string;
  readonly reading: ConditionReading;
}

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

/** Reads the condition of `--until` once; `null` without one. Throws where it names nothing that there is. */
export async function readCondition(
  subject: GatedSubject,
  scanned: ScannedArguments,
  { io }: Pick<Invocation, 'io'>,
): Promise<ReadUntil | null> {
  const text = readUntil(scanned)?.condition.trim();
  if (text === undefined) return null;
  return { text, reading: await subject.readCondition(text, { signal: io.signal }) };
}

/** Notes how the condition stands before anything is confirmed. */
export function noteCondition(
  until: ReadUntil | null,
  { output }: Pick<Invocation, 'output'>,
): void {
  if (until === null) return;
  const { text, reading } = until;
  const now = printableLine(reading.summary);
  const lines = {
    true: `! The condition ${printableLine(text)} holds already, so that it cannot show that anything was fixed: ${now}`,
    false: `The run is to make ${printableLine(text)} true. Now: ${now}`,
    null: `! Whether the condition ${printableLine(text)} holds now is not known: ${now}`,
  };
  output.note([lines[`${reading.holds}`], '']);
}

/** Throws `CONDITION_NOT_MET` where nothing is to be done and the condition does not hold. */
export function requireCondition(until: ReadUntil | null, summary: string): void {
  if (until === null || until.reading.holds === true) return;
  const { text, reading } = until;
  const how =
    reading.holds === false
      ? `the condition ${text} does not hold: not fixed`
      : `whether the condition ${text} holds is not known`;
  throw new OperatorError({
    code: 'CONDITION_NOT_MET',
    kind: 'unverified',
    message: `Nothing to do, but ${how}. ${summary} ${reading.summary}`,
    remedy: 'Look for another cause.',
    facts: { condition: text, holds: reading.holds },
  });
}
