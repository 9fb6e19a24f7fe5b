import type { Actor } from './actor.ts';
import type { Ledger } from './ledger.ts';
import { createMissing, describeTraces } from './lost-ledger.ts';
import type { LostLedger } from './lost-ledger.ts';

/** Parts of {@link LedgerLoss} that the driver of the ledger knows. */
export interface LossParts {
  readonly find: () => Promise<LostLedger | null>;
  /** Throws `LEDGER_NOT_YOURS` unless this process may begin again. */
  readonly requireOwner: (lost: LostLedger) => Promise<void>;
  /** Opens a new ledger in place of the lost one. */
  readonly begin: () => Promise<Ledger>;
}

/** The loss of a ledger, for people. */
export class LedgerLoss {
  readonly #parts: LossParts;

  constructor(parts: LossParts) {
    this.#parts = parts;
  }

  /** Traces of a ledger that is gone; `null` where it is there, or there never was one. */
  async find(): Promise<LostLedger | null> {
    return this.#parts.find();
  }

  /** Throws `LEDGER_MISSING` when a ledger was deleted. */
  async requireNone(): Promise<void> {
    const lost = await this.find();
    if (lost !== null) throw createMissing(lost);
  }

  /**
   * Begins a new ledger in place of one that is lost, on the record. Throws `LEDGER_NOT_YOURS` for anyone but its
   * owner: that of its folder, where it is a file.
   */
  async accept(lost: LostLedger, { by, reason }: { by: Actor; reason: string }): Promise<void> {
    await this.#parts.requireOwner(lost);
    const { maintenance } = await this.#parts.begin();
    const why = `${reason} (the ledger was gone: ${describeTraces(lost)})`;
    await maintenance.acceptRollback({ by, reason: why });
  }
}
