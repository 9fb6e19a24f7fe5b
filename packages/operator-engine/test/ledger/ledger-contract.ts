import { describe, expect, it } from 'vitest';
import { approvalChecks } from './contract/approvals.ts';
import { auditChecks } from './contract/audit.ts';
import { claimChecks } from './contract/claims.ts';
import { journalChecks } from './contract/journal.ts';
import { leaseChecks } from './contract/leases.ts';
import { maintenanceChecks } from './contract/maintenance.ts';
import { runChecks } from './contract/runs.ts';
import { timeChecks } from './contract/time.ts';
import { Desk } from './ledger-check.ts';
import type { LedgerCheck, Opener } from './ledger-check.ts';

/** Everything that a ledger promises, whatever it is made of. */
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

/** Plays every check on a ledger of its own; `createStore` makes an empty store and says how to open it. */
export function describeLedgerContract(name: string, createStore: () => Opener): void {
  describe(`the ledger in ${name}`, () => {
    it.each(LEDGER_CHECKS)('$title ($id)', async (check) => {
      expect.hasAssertions();
      const desk = await Desk.open(createStore());
      try {
        await check.run(desk);
      } finally {
        await desk.close();
      }
    });
  });
}
