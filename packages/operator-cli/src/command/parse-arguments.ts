import type { NextOperation } from 'operator-core';
import type { Invocation } from './command.ts';
import { createUsageError, toHelp } from '../errors/error-codes.ts';
import { OUTPUT_FORMATS } from '../arguments/output-format.ts';
import { checkArguments, freePositionals } from '../arguments/check-arguments.ts';
import { GLOBAL_FLAGS } from '../arguments/flag.ts';
import type { Flag } from '../arguments/flag.ts';
import { readFlag } from '../arguments/read-flag.ts';
import { interpret } from '../arguments/interpret.ts';
import type { ScannedArguments } from '../arguments/interpret.ts';

/** Arguments of one command, with all their problems. */
export interface CommandArguments {
  readonly scanned: ScannedArguments;
  readonly problems: readonly string[];
}

/** Arguments against the flags of the command, the global ones and more. Throws nothing. */
export function parseArguments(
  { command, tokens }: Invocation,
  { positionals, more = [] }: { positionals: number; more?: readonly Flag[] },
): CommandArguments {
  const flags = [...GLOBAL_FLAGS, ...command.flags, ...more];
  const scanned = interpret(tokens, flags);
  const format = readFlag(scanned, 'output');
  // An empty argument comes from an unset variable of a script: it is an error.
  const empty = ['config', 'subject'].filter((name) => readFlag(scanned, name) === '');
  const wrongFormat =
    format === undefined || OUTPUT_FORMATS.some((known) => known === format)
      ? []
      : [`--output must be one of ${OUTPUT_FORMATS.join(', ')}, not ${JSON.stringify(format)}.`];
  return {
    scanned,
    problems: [
      ...checkArguments(scanned, { flags, positionals }),
      ...empty.map((name) => `--${name} must not be empty.`),
      ...wrongFormat,
    ],
  };
}

/** Arguments of a command without parameters. Throws `COMMAND_LINE_INVALID` naming all problems. */
export function parseSimpleArguments(
  invocation: Invocation,
  positionals: number,
): ScannedArguments {
  const { scanned, problems } = parseArguments(invocation, { positionals });
  if (problems.length > 0) throw createUsageError(problems, helpOf(invocation));
  return scanned;
}

/**
 * The arguments as far as they can be read before all flags are known: the flags of parameters come with the
 * action.
 */
export function peekArguments({ command, tokens }: Invocation): ScannedArguments {
  return interpret(tokens, [...GLOBAL_FLAGS, ...command.flags]);
}

/** The positional that names an action or observation, although not all flags are known yet. */
export function nameIn(scanned: ScannedArguments): string | undefined {
  return freePositionals(scanned)[0] ?? scanned.positionals[0];
}

/** The help of a command, and of an action of it, as the remedy of a usage error. */
export function helpOf({ command }: Invocation, name?: string): NextOperation {
  return toHelp(name === undefined ? command.name : `${command.name} ${name}`);
}
