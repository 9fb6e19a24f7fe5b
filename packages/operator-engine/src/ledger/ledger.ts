import type { Approvals } from './approvals.ts';
import type { Audit } from './audit-log.ts';
import type { Leases } from './lease.ts';
import type { LedgerLimits } from './ledger-limits.ts';
import type { Maintenance } from './maintenance.ts';
import type { ModeSwitch } from './mode.ts';
import type { PolicyBindings } from './policy-binding.ts';
import type { Runners } from './runners.ts';
import type { Runs } from './runs.ts';

/**
 * The durable store of runs, approvals, locks, leases, mode and audit; many processes use one at once.
 * Every change writes its audit entry in the same transaction. Times never order anything, and never
 * go back: when a clock does, the ledger's time goes on by the monotonic one.
 *
 * Every method may throw `LEDGER_BUSY` (others were in the way too long; retryable), `LEDGER_FULL`,
 * `LEDGER_UNWRITABLE`, `LEDGER_CORRUPT` and `LEDGER_CLOSED`: what it was to do has then not been done.
 */
export interface Ledger {
  /** Made once with the ledger, and kept by backups. */
  readonly id: string;
  /** Its file, for people. */
  readonly location: string;
  readonly limits: LedgerLimits;
  readonly runs: Runs;
  readonly approvals: Approvals;
  readonly leases: Leases;
  readonly runners: Runners;
  readonly mode: ModeSwitch;
  readonly policy: PolicyBindings;
  readonly audit: Audit;
  readonly maintenance: Maintenance;
  /** May be called twice. */
  close(): Promise<void>;
}
