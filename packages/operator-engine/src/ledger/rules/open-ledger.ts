import { Clock } from '../../clock/clock.ts';
import { createMachineClock } from '../../clock/machine-clock.ts';
import type { LedgerClock } from '../../clock/machine-clock.ts';
import type { OperatorError } from 'operator-core';
import { createEngineError } from '../../errors/engine-error.ts';
import { HOST_PROOFS } from '../../proofs/proofs.ts';
import { DEFAULT_LEDGER_LIMITS } from '../ledger-limits.ts';
import type { LedgerLimits } from '../ledger-limits.ts';
import type { Ledger } from '../ledger.ts';
import type { PolicyIdentity } from '../policy-binding.ts';
import { createMissing } from '../lost-ledger.ts';
import { Witness } from '../witness.ts';
import type { LedgerDriver } from './store/driver.ts';

/** Options for opening a ledger of any driver. */
export interface LedgerOptions {
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

/** Opens a ledger where a driver says, as `openLedger` does in a file. */
export async function openLedgerOn(
  driver: LedgerDriver,
  options: LedgerOptions = {},
): Promise<Ledger> {
  const { clock: given = createMachineClock() } = options;
  const clock = given instanceof Clock ? given : new Clock(given);
  // Only who opens a ledger pays for it.
  const { openStoredLedger } = await import('./stored-ledger.ts');
  const witness = options.witness === undefined ? null : new Witness(options.witness);
  const limits = { ...DEFAULT_LEDGER_LIMITS, ...options.limits };
  const lost = await driver.findLost(witness);
  if (lost !== null && options.beginAgain !== true) throw createMissing(lost);
  const isProven = options.identity === 'files';
  const byFiles = isProven ? driver.proveByFiles(limits) : null;
  if (isProven && byFiles === null) throw createUnprovable(driver.location);
  const by = byFiles ?? { proofs: HOST_PROOFS, statements: null };
  const isNew = !(await driver.exists());
  const policy = options.policy ?? null;
  const ledger = await openStoredLedger(driver, { clock, limits, ...by, witness, policy });
  // Its owner can remove the files of others: it must be the owner of the ledger.
  if (isNew) by.proofs.prepare();
  return ledger;
}

function createUnprovable(location: string): OperatorError {
  return createEngineError('ACTOR_MISSING', {
    message: `The ledger ${location} does not know the users of this machine, so the user of this process proves nothing in it.`,
    remedy:
      'If everyone who can write this ledger may name actors, set `identity: trusted` under `ledger` in the configuration. A host gives the engine an actor that it has authenticated itself: `actor: { kind, name }`.',
    facts: { location },
  });
}
