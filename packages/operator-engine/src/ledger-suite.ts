// Every line here is public API, for authors of ledger drivers.
export type { Assertions, Expect } from './ledger-suite/expect.ts';
export { Desk } from './ledger-suite/ledger-check.ts';
export type { LedgerCheck, Opener } from './ledger-suite/ledger-check.ts';
export { LEDGER_CHECKS, testLedger } from './ledger-suite/ledger-suite.ts';
export type { LedgerSuiteOptions } from './ledger-suite/ledger-suite.ts';
export { TestClock } from './ledger-suite/test-clock.ts';
