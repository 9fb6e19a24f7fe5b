import { approvalChecks } from './approvals.ts';
import { auditChecks } from './audit.ts';
import { claimChecks } from './claims.ts';
import type { Expect } from './expect.ts';
import { journalChecks } from './journal.ts';
import { leaseChecks } from './leases.ts';
import { Desk } from './ledger-check.ts';
import type { LedgerCheck, Opener } from './ledger-check.ts';
import { maintenanceChecks } from './maintenance.ts';
import { runChecks } from './runs.ts';
import { timeChecks } from './time.ts';

/** Everything that a ledger promises, whichever driver it has. */
export const LEDGER_CHECKS: readonly LedgerCheck[] = [
  ...runChecks,
  ...claimChecks,
  ...journalChecks,
  ...approvalChecks,
  ...leaseChecks,
  ...auditChecks,
  ...timeChecks,
  ...maintenanceChecks,
];

/** Parts of a test runner, and the stores that it tests. */
export interface LedgerSuiteOptions {
  /** The `test` or `it` of any runner. */
  readonly test: (title: string, run: () => Promise<void>) => unknown;
  readonly expect: Expect;
  /** Makes an empty store, and gives what opens a ledger on it; called once for each check. */
  readonly createStore: () => Opener;
}

/** Registers every check as a test on a ledger of its own. */
export function testLedger({ test, expect, createStore }: LedgerSuiteOptions): void {
  for (const check of LEDGER_CHECKS) {
    test(`${check.title} (${check.id})`, async () => playCheck(check, { expect, createStore }));
  }
}

async function playCheck(
  check: LedgerCheck,
  { expect, createStore }: Pick<LedgerSuiteOptions, 'expect' | 'createStore'>,
): Promise<void> {
  const desk = await Desk.open(createStore());
  try {
    await check.run(desk, expect);
  } finally {
    await desk.close();
  }
}
