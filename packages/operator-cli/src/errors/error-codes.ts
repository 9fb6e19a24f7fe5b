import { advise, OperatorError } from 'operator-core';
import type { ErrorKind, NextOperation, OperatorErrorOptions } from 'operator-core';
import { toRemedy } from './suggestion.ts';
import type { Suggestion } from './suggestion.ts';

interface CodeEntry {
  readonly kind: ErrorKind;
  readonly meaning: string;
}

/** Every code that the command line itself raises, with its kind and meaning. */
export const CLI_ERROR_CODES = {
  COMMAND_LINE_INVALID: {
    kind: 'usage',
    meaning: 'The command line has mistakes; every one is listed.',
  },
  CONFIRMATION_MISSING: {
    kind: 'needs_approval',
    meaning: 'The plan was not confirmed: this is not a terminal, and --yes was not given.',
  },
  CONFIRMATION_DECLINED: {
    kind: 'needs_approval',
    meaning: 'The person at the terminal declined the plan.',
  },
  CONFIG_EXISTS: {
    kind: 'config',
    meaning: 'The configuration file exists already, and is never overwritten.',
  },
  CONFIG_NOT_WRITTEN: {
    kind: 'config',
    meaning: 'The configuration file could not be written.',
  },
  PLAN_NOT_WRITTEN: {
    kind: 'usage',
    meaning: 'The plan could not be written to the file; nothing there was changed.',
  },
  FILE_NOT_READ: {
    kind: 'usage',
    meaning: 'A file that the command line names cannot be read.',
  },
  LEDGER_NOT_FOUND: {
    kind: 'usage',
    meaning: 'The command needs a ledger, and there is none.',
  },
  NOT_STOPPED: {
    kind: 'interrupted',
    meaning: 'The kill switch could not be written into the ledger before the caller gave up.',
  },
  POLICY_NOT_CONFIGURED: {
    kind: 'config',
    meaning: 'The command needs a policy, and the configuration names none.',
  },
  PLUGIN_EXITED: {
    kind: 'plugin',
    meaning: 'A plugin ended the process before the command finished.',
  },
  OUTPUT_NOT_WRITTEN: {
    kind: 'bug',
    meaning: 'stdout could not be written, and the reader had not gone away.',
  },
  INTERRUPTED: {
    kind: 'interrupted',
    meaning: 'The caller interrupted it; the message names the state of the system.',
  },
  INTERNAL_ERROR: {
    kind: 'bug',
    meaning: 'A defect of Operator, or of code that it loaded.',
  },
} as const satisfies Readonly<Record<string, CodeEntry>>;

/** A code of {@link CLI_ERROR_CODES}. */
export type CliErrorCode = keyof typeof CLI_ERROR_CODES;

/** Makes an error of the command line, with its kind from the table of codes. */
export function createCliError(
  code: CliErrorCode,
  options: Omit<OperatorErrorOptions, 'code' | 'kind'>,
): OperatorError {
  return new OperatorError({ code, kind: CLI_ERROR_CODES[code].kind, ...options });
}

/** Any call with another configuration, as the engine names it. */
export const CHOOSE_CONFIG: NextOperation = { operation: 'choose_config', config: null };

/** Help of the whole program, or of a command: `runs show`. */
export function toHelp(command: string | null = null): NextOperation {
  return { operation: 'help', command };
}

/**
 * `COMMAND_LINE_INVALID` with every problem in message and facts. The remedy is the command lines that
 * were probably meant, else the help.
 */
export function createUsageError(
  problems: readonly string[],
  help: NextOperation,
  suggestions: readonly Suggestion[] = [],
): OperatorError {
  return createCliError('COMMAND_LINE_INVALID', {
    message: problems.join('\n'),
    remedy: suggestions.length === 0 ? advise`See ${help}.` : toRemedy(suggestions),
    facts: {
      problems: [...problems],
      ...(suggestions.length === 0 ? {} : { suggestions: suggestions.map((one) => ({ ...one })) }),
    },
  });
}
