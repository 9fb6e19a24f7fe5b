import { formatWords, keepFlags } from '../arguments/format-command.ts';
import { GLOBAL_FLAGS } from '../arguments/flag.ts';
import { scanArguments } from '../arguments/scan-arguments.ts';
import type { Invocation } from './command.ts';

/** The exact command line that does something else with the same configuration's ledger. */
export function formatNext({ argv }: Invocation, words: readonly string[]): string {
  return formatWords([...words, ...keepFlags(scanArguments(argv, GLOBAL_FLAGS), ['config'])]);
}
