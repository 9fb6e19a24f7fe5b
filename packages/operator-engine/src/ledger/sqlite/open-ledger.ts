import type { Ledger } from '../ledger.ts';
import { openLedgerOn } from '../rules/open-ledger.ts';
import type { LedgerOptions } from '../rules/open-ledger.ts';
import { createSqliteDriver } from './sqlite-driver.ts';

/** Options for opening a ledger in a file. */
export interface SqliteLedgerOptions extends LedgerOptions {
  /** The file. It is made, with its directory, when it is not there. */
  readonly path: string;
}

/**
 * Opens the ledger in a file, on a disk of this machine: all processes that use it must run here.
 * One of an older version is migrated, after a copy was made beside it. Throws `LEDGER_TOO_NEW`,
 * `LEDGER_MISSING`, `LEDGER_CORRUPT`, `LEDGER_BUSY`, `LEDGER_FULL` or `LEDGER_UNWRITABLE`.
 */
export async function openLedger({ path, ...options }: SqliteLedgerOptions): Promise<Ledger> {
  return openLedgerOn(createSqliteDriver(path), options);
}
