import type { Actor } from './actor.ts';
import type { Ledger } from './ledger.ts';
import {
  createMissing,
  describeTraces,
  findLostLedger,
  requireFolderOwner,
} from './lost-ledger.ts';
import type { LostLedger } from './lost-ledger.ts';
import { Witness } from './witness.ts';

/** The loss of a ledger's file, for people. */
export class LedgerLoss {
  readonly #places: { readonly ledgerPath: string; readonly witnessPath: string };
  readonly #begin: () => Promise<Ledger>;

  /** `begin`: opens a new ledger in place of the lost one. */
  constructor(
    places: { readonly ledgerPath: string; readonly witnessPath: string },
    begin: () => Promise<Ledger>,
  ) {
    this.#places = places;
    this.#begin = begin;
  }

  /** Traces of a ledger whose file is gone; `null` where it is there, or there never was one. */
  find(): LostLedger | null {
    const { ledgerPath, witnessPath } = this.#places;
    return findLostLedger(ledgerPath, new Witness(witnessPath));
  }

  /** Throws `LEDGER_MISSING` where there was a ledger, and its file is gone. */
  requireNone(): void {
    const lost = this.find();
    if (lost !== null) throw createMissing(lost);
  }

  /**
   * Begins a new ledger in place of one that is lost, on the record. Throws `LEDGER_NOT_YOURS` for anyone but the
   * owner of its folder.
   */
  async accept(lost: LostLedger, { by, reason }: { by: Actor; reason: string }): Promise<void> {
    requireFolderOwner(lost);
    const { maintenance } = await this.#begin();
    const why = `${reason} (the ledger was gone: ${describeTraces(lost)})`;
    await maintenance.acceptRollback({ by, reason: why });
  }
}
