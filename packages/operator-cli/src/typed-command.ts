import type { ActionDefinition } from 'operator-core';
import { formatCommand } from './arguments/format-command.ts';
import { GLOBAL_FLAGS } from './arguments/flag.ts';
import { readFlag } from './arguments/parse-arguments.ts';
import { scanArguments } from './arguments/scan-arguments.ts';
import type { Invocation } from './command.ts';
import type { DescribedCall } from './described-call.ts';

/**
 * The exact command line that does something else with the same action and parameters, for the same
 * subject of the same configuration.
 */
export function typedCommand(
  { argv, io }: Invocation,
  { definition, parameters }: Pick<DescribedCall<ActionDefinition>, 'definition' | 'parameters'>,
  { command, rest = [] }: { command: string; rest?: readonly string[] },
): string {
  const scanned = scanArguments(argv, GLOBAL_FLAGS);
  const subject = readFlag(scanned, 'subject') ?? (io.env['OPERATOR_SUBJECT'] || undefined);
  const config = readFlag(scanned, 'config');
  return formatCommand({
    command,
    name: definition.name,
    parameters,
    definition,
    rest: [
      ...rest,
      ...(subject === undefined ? [] : ['--subject', subject]),
      ...(config === undefined ? [] : ['--config', config]),
    ],
  });
}
