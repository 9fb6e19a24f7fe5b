import { existsSync } from 'node:fs';
import type { Engine } from 'operator-engine';

/** Tells whether there is a ledger already: looking must not make one. */
export function ledgerExists({ ledgerPath }: Engine): boolean {
  return existsSync(ledgerPath);
}
