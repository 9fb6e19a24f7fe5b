import { formatWords, keepFlags } from '../arguments/format-command.ts';
import type { Invocation } from './command.ts';

/** The exact command line that does something else with the same configuration's ledger. */
export function formatNext({ globals }: Invocation, words: readonly string[]): string {
  return formatWords([...words, ...keepFlags(globals, ['config'])]);
}
