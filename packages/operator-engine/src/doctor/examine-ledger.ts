import type { LedgerLoss } from '../ledger/ledger-loss.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { LoadedPolicy } from '../policy/policy.ts';
import { examineBinding, examineOwners, examinePolicy } from './examine-policy.ts';
import { examineLeases, examineMode, examineRuns } from './examine-records.ts';
import { examineSights } from './examine-sights.ts';
import type { SeenLeases, SightOptions } from './examine-sights.ts';
import { examineClock, examineHealth, examineSpace } from './examine-store.ts';
import { toFailure } from './finding.ts';
import type { Finding, SharedFinding } from './finding.ts';

/** Parts of an engine that the doctor asks. */
export interface Examined {
  readonly loss: Pick<LedgerLoss, 'find'>;
  readonly leases: SeenLeases;
  loadPolicy(): LoadedPolicy;
  whyOwnersAreUnknown(): Promise<string | null>;
  hasLedger(): Promise<boolean>;
  ledgerLocation(): Promise<string>;
  openLedger(): Promise<Ledger>;
  isWatched(): Promise<boolean>;
}

/** Findings about policy, ledger, mode, runs and leases. Makes no ledger. */
export async function examineLedger(
  engine: Examined,
  options: SightOptions,
): Promise<readonly Finding[]> {
  const found = [
    examinePolicy(engine.loadPolicy()),
    ...(await findOwners(engine)),
    ...(await examineKept(engine, options)),
  ];
  return found.map((finding) => ({ subject: null, ...finding }));
}

/** Findings about the owners of files; none where the driver cannot be loaded, which is a finding of the ledger. */
async function findOwners(engine: Examined): Promise<readonly SharedFinding[]> {
  try {
    return examineOwners(await engine.whyOwnersAreUnknown());
  } catch (error) {
    toFailure('ledger', error);
    return [];
  }
}

async function examineKept(
  engine: Examined,
  options: SightOptions,
): Promise<readonly SharedFinding[]> {
  const check = 'ledger';
  try {
    if (!(await engine.hasLedger()) && (await engine.loss.find()) === null) {
      const location = await engine.ledgerLocation();
      const message = `There is no ledger yet: the first command that needs one creates ${location}.`;
      return [{ check, state: 'ok', message }];
    }
    const ledger = await engine.openLedger();
    return [
      await examineHealth(ledger, options.signal),
      await examineSpace(ledger),
      await examineClock(ledger),
      ...(await examineBinding(ledger)),
      await examineMode(ledger),
      ...(await examineRuns(ledger)),
      // First: an effect that is no longer in the system is not due.
      ...(await examineSights(engine.leases, options)),
      await examineLeases(ledger, { isWatched: await engine.isWatched() }),
    ];
  } catch (error) {
    return [toFailure(check, error)];
  }
}
