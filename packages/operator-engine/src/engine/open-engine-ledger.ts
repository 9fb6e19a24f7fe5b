import type { Ledger } from '../ledger/ledger.ts';
import type { LedgerDriver } from '../ledger/rules/store/driver.ts';
import { openLedgerOn } from '../ledger/rules/open-ledger.ts';
import type { LedgerOptions } from '../ledger/rules/open-ledger.ts';
import type { EngineOptions } from './engine-options.ts';

/** True when names in the ledger are the host's word. Processes that only read a file believe no row that others could have edited. */
export function trustsNames({ actor, ledgerDriver }: EngineOptions): boolean {
  return actor === undefined ? ledgerDriver !== undefined : 'name' in actor;
}

/** Opens the ledger of an engine, and tells its host of an older copy. */
export async function openEngineLedger(
  driver: LedgerDriver,
  options: EngineOptions,
  parts: Pick<LedgerOptions, 'witness' | 'beginAgain' | 'clock' | 'policy' | 'identity'>,
): Promise<Ledger> {
  const { ledgerLimits: limits = {}, onRollback } = options;
  const ledger = await openLedgerOn(driver, { ...parts, limits });
  // Who only reads is told; where the witness cannot be read, sending fails and says so.
  const rollback = await ledger.maintenance.rollback().catch(() => null);
  if (rollback !== null) onRollback?.(rollback);
  return ledger;
}
