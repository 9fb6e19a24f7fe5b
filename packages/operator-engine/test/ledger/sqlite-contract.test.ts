import { describe, expect, it } from 'vitest';
import { LEDGER_CHECKS, testLedger } from '../../src/ledger-suite/ledger-suite.ts';
import { openLedger } from '../../src/ledger/sqlite/open-ledger.ts';
import { temporaryLedger } from './temporary.ts';

describe('the ledger in SQLite', () => {
  testLedger({
    test: it,
    expect,
    createStore: () => {
      const path = temporaryLedger();
      return async (options) => openLedger({ path, ...options });
    },
  });
});

it('names every check once', () => {
  const ids = LEDGER_CHECKS.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
});
