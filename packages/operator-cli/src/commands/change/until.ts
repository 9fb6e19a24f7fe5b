import { OperatorError } from 'operator-core';
import type { ConditionReading, GatedSubject } from 'operator-engine';
import { readUntil } from '../../arguments/until-flags.ts';
import type { ScannedArguments } from '../../arguments/interpret.ts';
import type { Invocation } from '../../command/command.ts';
import { printableLine } from '../../output/printable.ts';

/** The condition of `--until`, read before anything is planned. */
export interface ReadUntil {
  readonly text: string;
  readonly reading: ConditionReading;
}

/** Reads the condition of `--until` once; `null` without one. Throws when it names nothing that exists. */
export async function readCondition(
  subject: GatedSubject,
  scanned: ScannedArguments,
  { io }: Pick<Invocation, 'io'>,
): Promise<ReadUntil | null> {
  const text = readUntil(scanned)?.condition.trim();
  if (text === undefined) return null;
  return { text, reading: await subject.readCondition(text, { signal: io.signal }) };
}

/** Notes the state of the condition before the confirmation. */
export function noteCondition(
  until: ReadUntil | null,
  { output }: Pick<Invocation, 'output'>,
): void {
  if (until === null) return;
  const { text, reading } = until;
  const now = printableLine(reading.summary);
  const lines = {
    true: `! The condition ${printableLine(text)} holds already, so it cannot prove that the change fixed anything: ${now}`,
    false: `The run is to make ${printableLine(text)} true. Now: ${now}`,
    null: `! It is unknown if the condition ${printableLine(text)} holds now: ${now}`,
  };
  output.note([lines[`${reading.holds}`], '']);
}

/** Throws `CONDITION_NOT_MET` when nothing is to be done and the condition does not hold. */
export function requireCondition(until: ReadUntil | null, summary: string): void {
  if (until === null || until.reading.holds === true) return;
  const { text, reading } = until;
  const how =
    reading.holds === false
      ? `the condition ${text} does not hold: not fixed`
      : `it is unknown if the condition ${text} holds`;
  throw new OperatorError({
    code: 'CONDITION_NOT_MET',
    kind: 'unverified',
    message: `Nothing to do, but ${how}. ${summary} ${reading.summary}`,
    remedy: 'Look for another cause.',
    facts: { condition: text, holds: reading.holds },
  });
}
