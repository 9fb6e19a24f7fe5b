import { formatWords } from './arguments/format-command.ts';
import { GLOBAL_FLAGS } from './arguments/flag.ts';
import { readFlag } from './arguments/parse-arguments.ts';
import { scanArguments } from './arguments/scan-arguments.ts';
import type { Invocation } from './command.ts';

/** The exact command line that does something else with the same configuration's ledger. */
export function ledgerCommand({ argv }: Invocation, words: readonly string[]): string {
  const config = readFlag(scanArguments(argv, GLOBAL_FLAGS), 'config');
  return formatWords([...words, ...(config === undefined ? [] : ['--config', config])]);
}
