import { statSync } from 'node:fs';
import { ROOT, nameOfUid } from '../identity/os-user.ts';
import { OTHERS_WRITE } from './proof-file.ts';

/**
 * The reason why files in the folder of the proofs prove nothing; `null` when they can prove something. The
 * owner of a folder that several users write can remove the files of all of them, a withdrawal too.
 */
export function whyFolderIsForeign(folder: string, ledgerPath: string): string | null {
  const found = statSync(folder, { throwIfNoEntry: false });
  const ledger = statSync(ledgerPath, { throwIfNoEntry: false });
  if (found === undefined || ledger === undefined) return null;
  const isShared = (found.mode & OTHERS_WRITE) !== 0;
  if (!isShared || found.uid === ROOT || found.uid === ledger.uid) return null;
  const [owner, wanted] = [nameOfUid(found.uid), nameOfUid(ledger.uid)];
  return `the folder ${folder} belongs to ${owner}, who can remove the files of others; it must belong to ${wanted}, as the ledger does, or to root`;
}
