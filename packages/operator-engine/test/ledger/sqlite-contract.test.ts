import { expect, it } from 'vitest';
import { openLedger } from '../../src/ledger/sqlite/open-ledger.ts';
import { describeLedgerContract, LEDGER_CHECKS } from './ledger-contract.ts';
import { temporaryLedger } from './temporary.ts';

describeLedgerContract('SQLite', () => {
  const path = temporaryLedger();
  return (options) => openLedger({ path, ...options });
});

it('names every check once', () => {
  const ids = LEDGER_CHECKS.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
});
