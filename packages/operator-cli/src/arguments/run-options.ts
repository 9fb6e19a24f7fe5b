import type { NextOperation, Plan } from 'operator-core';
import type { ApplyOptions } from 'operator-engine';
import { checkFor, readFor } from './common-flags.ts';
import { checkUntil, readUntil } from './until-flags.ts';
import { COMMAND_FLAGS } from './flag.ts';
import { keepFlags } from './format-command.ts';
import type { Flag } from './flag.ts';
import { readFlag, readSwitch } from './read-flag.ts';
import type { ScannedArguments } from './interpret.ts';
import { createUsageError } from '../errors/error-codes.ts';

/** The flags of all commands that start a run. */
export const RUN_FLAGS: readonly Flag[] = [
  COMMAND_FLAGS.for,
  COMMAND_FLAGS.yes,
  COMMAND_FLAGS.wait,
  COMMAND_FLAGS.until,
  COMMAND_FLAGS.untilWithin,
  COMMAND_FLAGS.idempotencyKey,
];

/** Problems of {@link RUN_FLAGS}, as sentences. */
export function checkRunFlags(scanned: ScannedArguments): readonly string[] {
  const isKeyEmpty = readFlag(scanned, 'idempotency-key')?.trim() === '';
  return [
    ...checkFor(scanned),
    ...checkUntil(scanned),
    ...(isKeyEmpty ? ['--idempotency-key must not be empty.'] : []),
  ];
}

/** Options of a run from {@link RUN_FLAGS}. */
export function readRunOptions(scanned: ScannedArguments): ApplyOptions {
  const leaseMs = readFor(scanned);
  const idempotencyKey = readFlag(scanned, 'idempotency-key');
  const until = readUntil(scanned);
  return {
    wait: readSwitch(scanned, 'wait') ?? true,
    ...(leaseMs === undefined ? {} : { leaseMs }),
    ...(until === undefined ? {} : { until }),
    ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
  };
}

/** {@link RUN_FLAGS} as they were given, without `--yes`: arguments for the same run. */
export function keepRunFlags(scanned: ScannedArguments): readonly string[] {
  const names = RUN_FLAGS.map(({ name }) => name).filter((name) => name !== 'yes');
  return keepFlags(scanned, names);
}

/** Refuses `--for` for an action without a standing effect. Throws `COMMAND_LINE_INVALID`. */
export function checkLease(
  { standingEffect, action }: Plan,
  scanned: ScannedArguments,
  help: NextOperation,
): void {
  if (standingEffect !== null || readFor(scanned) === undefined) return;
  const problem = `--for is for effects that stay in force; ${action} leaves none.`;
  throw createUsageError([problem], help);
}
