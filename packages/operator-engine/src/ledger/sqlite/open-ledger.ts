import { existsSync } from 'node:fs';
import path from 'node:path';
import { Clock } from '../../clock/clock.ts';
import { createMachineClock } from '../../clock/machine-clock.ts';
import type { LedgerClock } from '../../clock/machine-clock.ts';
import { FileProofs } from '../../proofs/file-proofs.ts';
import { OwnerStatements } from '../../proofs/owner-statements.ts';
import { HOST_PROOFS } from '../../proofs/proofs.ts';
import { DEFAULT_LEDGER_LIMITS } from '../ledger-limits.ts';
import type { LedgerLimits } from '../ledger-limits.ts';
import type { Ledger } from '../ledger.ts';
import type { PolicyIdentity } from '../policy-binding.ts';
import { createMissing, findLostLedger } from '../lost-ledger.ts';
import { Witness } from '../witness.ts';

/** Options for opening a ledger. */
export interface LedgerOptions {
  /** The file. It is made, with its directory, when it is not there. */
  readonly path: string;
  /** Default: the clocks of this machine. A clock that is shared goes by this ledger from then on. */
  readonly clock?: LedgerClock | Clock;
  readonly limits?: Partial<LedgerLimits>;
  /**
   * Method by which this process proves requesters and approvers. `files`: by the owners of files beside the ledger.
   * `host`: names in the ledger count, because the host authenticates them and alone writes the ledger.
   * Default: `host`.
   */
  readonly identity?: 'files' | 'host';
  /** Folder outside of the ledger's own in which its witness is kept. Default: none is kept. */
  readonly witness?: string;
  /** True where the owner has accepted that the ledger is lost: a new one is made. Default: false. */
  readonly beginAgain?: boolean;
  /** The policy that decides in this process, as it is now. Default: this process decides nothing. */
  readonly policy?: () => PolicyIdentity;
}

/**
 * Opens the ledger in a file, on a disk of this machine: all processes that use it must run here.
 * One of an older version is migrated, after a copy was made beside it. Throws `LEDGER_TOO_NEW`,
 * `LEDGER_MISSING`, `LEDGER_CORRUPT`, `LEDGER_BUSY`, `LEDGER_FULL` or `LEDGER_UNWRITABLE`.
 */
export async function openLedger(options: LedgerOptions): Promise<Ledger> {
  const { clock: given = createMachineClock() } = options;
  const clock = given instanceof Clock ? given : new Clock(given);
  // Only who opens a ledger pays for it.
  const { openSqliteLedger } = await import('./sqlite-ledger.ts');
  const witness = options.witness === undefined ? null : new Witness(options.witness);
  const limits = { ...DEFAULT_LEDGER_LIMITS, ...options.limits };
  const file = path.resolve(options.path);
  const lost = findLostLedger(file, witness);
  if (lost !== null && options.beginAgain !== true) throw createMissing(lost);
  const isProven = options.identity === 'files';
  const proofs = isProven ? new FileProofs(file, { consentMs: limits.approvalMs }) : HOST_PROOFS;
  const isNew = !existsSync(file);
  const statements = isProven && process.geteuid !== undefined ? new OwnerStatements(file) : null;
  const ledger = await openSqliteLedger({
    path: file,
    clock,
    limits,
    proofs,
    witness,
    statements,
    policy: options.policy ?? null,
  });
  // Its owner can remove the files of others: it must be the owner of the ledger.
  if (isNew && isProven) proofs.prepare();
  return ledger;
}
