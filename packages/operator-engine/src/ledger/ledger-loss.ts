import type { Actor } from './actor.ts';
import type { Ledger } from './ledger.ts';
import { createMissing, describeTraces, requireFolderOwner } from './lost-ledger.ts';
import type { LostLedger } from './lost-ledger.ts';

/** The loss of a ledger, for people. */
export class LedgerLoss {
  readonly #parts: { find(): LostLedger | null; begin(): Promise<Ledger> };

  /** `begin`: opens a new ledger in place of the lost one. */
  constructor(parts: { find(): LostLedger | null; begin(): Promise<Ledger> }) {
    this.#parts = parts;
  }

  /** Traces of a ledger that is gone; `null` where it is there, or there never was one. */
  find(): LostLedger | null {
    return this.#parts.find();
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
    const { maintenance } = await this.#parts.begin();
    const why = `${reason} (the ledger was gone: ${describeTraces(lost)})`;
    await maintenance.acceptRollback({ by, reason: why });
  }
}
