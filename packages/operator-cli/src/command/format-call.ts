import type { ActionDefinition, JsonObject } from 'operator-core';
import { formatCommand, toFlagArguments, keepFlags } from '../arguments/format-command.ts';
import { readFlag } from '../arguments/read-flag.ts';
import type { Invocation } from './command.ts';

/** An action and the parameters that it is called with. */
interface Call {
  readonly definition: Pick<ActionDefinition, 'name' | 'parameters'>;
  readonly parameters: JsonObject;
}

/** Command for the call. */
interface Next {
  readonly command: string;
  /** Arguments that follow the parameters. */
  readonly rest?: readonly string[];
  /** Default: the one of this command. */
  readonly subject?: string;
}

/**
 * The exact command line that does something else with the same action and parameters, for the same
 * subject of the same configuration.
 */
export function formatCall(
  { globals, io }: Invocation,
  { definition, parameters }: Call,
  { command, rest = [], subject }: Next,
): string {
  const named = subject ?? readFlag(globals, 'subject') ?? io.env['OPERATOR_SUBJECT'];
  return formatCommand({
    command,
    name: definition.name,
    parameters,
    definition,
    rest: [
      ...rest,
      ...(named === undefined || named === '' ? [] : toFlagArguments('subject', named)),
      ...keepFlags(globals, ['config']),
    ],
  });
}
