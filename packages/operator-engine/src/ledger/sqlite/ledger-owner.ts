import { statSync } from 'node:fs';
import { createEngineError } from '../../errors/engine-error.ts';

/** Throws `LEDGER_NOT_YOURS` unless this process runs as the owner of the ledger's file, or as root. */
export function requireLedgerOwner(location: string, doing: string): void {
  const user = process.geteuid?.();
  const { uid: owner } = statSync(location);
  if (user === undefined || user === 0 || user === owner) return;
  throw createEngineError('LEDGER_NOT_YOURS', {
    message: `Only the owner of the ledger ${location} ${doing}: the file belongs to user ${owner}, and this process runs as user ${user}.`,
    remedy: 'Run the command as the user who owns the file.',
    facts: { location, owner, user },
  });
}
