import type { Rollback } from 'operator-engine';
import type { Look } from './output.ts';

/** Warning that the ledger is older than the copy that this user has seen. */
export function formatRollback(
  { known, head, isCut }: Rollback,
  { style }: Look,
): readonly string[] {
  const what = isCut
    ? `it ends at entry ${head}, and you have seen entry ${known}`
    : `its entry ${known} is not the one that you have seen`;
  return [
    `${style.red('!')} This ledger is older than what you have seen of it: ${what}. Its records may be out of date; nothing is sent.`,
  ];
}
