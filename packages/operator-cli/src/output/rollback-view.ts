import type { Rollback } from 'operator-engine';
import type { Look } from './output.ts';
import { printableLine } from './printable.ts';

/** Warning that the ledger is older than the copy that this user has seen. */
export function formatRollback(
  { chain, known, head, isCut }: Rollback,
  { style }: Look,
): readonly string[] {
  const name = chain === 'root' ? 'the root chain' : `the chain of ${printableLine(chain)}`;
  const what = isCut
    ? `${name} ends with the entry number ${head}, and you have seen number ${known}`
    : `the entry number ${known} of ${name} is not the one that you have seen`;
  return [
    `${style.red('!')} This ledger is older than the copy that you have seen: ${what}. Its records may be out of date; nothing is sent.`,
  ];
}
