import type { Ledger } from '../ledger/ledger.ts';
import type { LedgerDriver } from '../ledger/rules/store/driver.ts';
import { openLedgerOn } from '../ledger/rules/open-ledger.ts';
import type { LedgerOptions } from '../ledger/rules/open-ledger.ts';
import type { EngineOptions } from './engine-options.ts';

/**
 * True when the host vouches for names in the ledger. Processes that only read a file believe no row that
 * others could have edited.
 */
export function trustsNames({ actor, ledgerDriver }: EngineOptions): boolean {
  return actor === undefined ? ledgerDriver !== undefined : 'name' in actor;
}

/** Opens the ledger of an engine, and reports an older copy to its host. */
export async function openEngineLedger(
  driver: LedgerDriver,
  options: EngineOptions,
  parts: Pick<LedgerOptions, 'witness' | 'beginAgain' | 'clock' | 'policy' | 'identity'>,
): Promise<Ledger> {
  const { ledgerLimits: limits = {}, onRollback } = options;
  const ledger = await openLedgerOn(driver, { ...parts, limits });
  // A caller that only reads gets a warning; when the witness cannot be read, sending fails with an error.
  const rollback = await ledger.maintenance.rollback().catch(() => null);
  if (rollback !== null) onRollback?.(rollback);
  return ledger;
}
