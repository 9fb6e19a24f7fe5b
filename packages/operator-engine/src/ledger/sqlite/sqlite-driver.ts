import { existsSync } from 'node:fs';
import path from 'node:path';
import { FileProofs } from '../../proofs/file-proofs.ts';
import { OwnerStatements } from '../../proofs/owner-statements.ts';
import { findLostLedger, requireFolderOwner } from '../lost-ledger.ts';
import type { LedgerDriver } from '../rules/store/driver.ts';

/** A ledger in one file, on a disk of this machine: all processes that use it must run here. */
export function createSqliteDriver(file: string): LedgerDriver {
  const location = path.resolve(file);
  return {
    location,
    exists: async () => existsSync(location),
    findLost: async (witness) => findLostLedger(location, witness),
    requireOwnerOfLost: requireFolderOwner,
    proveByFiles: ({ approvalMs }) => ({
      proofs: new FileProofs(location, { consentMs: approvalMs }),
      statements: process.geteuid === undefined ? null : new OwnerStatements(location),
    }),
    open: async (options) => {
      // Only who opens a ledger pays for it.
      const { openSqliteStore } = await import('./sqlite-store.ts');
      return openSqliteStore(location, options);
    },
  };
}
