import { statSync } from 'node:fs';
import type { Rollback } from '../maintenance.ts';
import type { ModeSwitch } from '../mode.ts';
import { placeOf } from '../lost-ledger.ts';
import type { Witness, WitnessedEntry } from '../witness.ts';
import { createRolledBack, describeRollback } from './rolled-back.ts';
import type { OwnerRights } from './owner-rights.ts';
import type { Statement } from './statement.ts';
import { LEDGER_ACTOR } from './transaction.ts';
import type { ControlRow } from './control-row.ts';
import type { Transactions } from './transaction.ts';

/** Holds the ledger against what this user's processes know to have been in it. */
export class RollbackGuard {
  readonly #transactions: Transactions;
  readonly #witness: Witness | null;
  readonly #mode: ModeSwitch;
  readonly #rights: OwnerRights | null;
  readonly #hashAt: Statement<{ hash: string }>;
  readonly #accepted: Statement<{ through: number | null }>;
  readonly #found: Statement<{ sequence: number }>;
  #kept: WitnessedEntry | null = null;
  #isPrepared = false;

  /** `rights`: what the owner has said by files; `null` where rows count, because the host alone writes them. */
  constructor(
    transactions: Transactions,
    parts: { witness: Witness | null; mode: ModeSwitch; rights: OwnerRights | null },
  ) {
    this.#rights = parts.rights;
    const { database } = transactions;
    this.#transactions = transactions;
    this.#witness = parts.witness;
    this.#mode = parts.mode;
    this.#hashAt = database.prepare('SELECT hash FROM audit WHERE sequence = ?');
    this.#accepted = database.prepare(
      `SELECT entry ->> '$.details.through' AS through FROM audit
       WHERE kind = 'rollback_accepted' ORDER BY sequence DESC LIMIT 1`,
    );
    this.#found = database.prepare(
      `SELECT sequence FROM audit WHERE kind = 'rollback_found' AND entry ->> '$.details.hash' = ?`,
    );
  }

  /** The missing part; `null` when everything that this user has seen is there. */
  async find(): Promise<Rollback | null> {
    const witness = this.#witness;
    if (witness === null) return null;
    return this.#transactions.read(() => {
      const control = this.#transactions.control();
      const known = witness.latest(control.ledger_id);
      return known === null || this.#isThere(known, control) ? null : toRollback(known, control);
    });
  }

  /**
   * Call this before anything that may lead to a request. Throws `LEDGER_ROLLED_BACK`, after it has thrown the kill
   * switch so that no other process uses such a ledger; and `WITNESS_UNUSABLE`.
   */
  async require(): Promise<void> {
    const witness = this.#witness;
    if (witness === null) return;
    const rollback = await this.find();
    if (rollback !== null) {
      await this.#stop(rollback);
      throw createRolledBack(this.#transactions.database.location, rollback);
    }
    if (this.#isPrepared) return;
    const { ledger_id: id } = await this.#transactions.read(() => this.#transactions.control());
    witness.prepare(id);
    witness.keepOwner(id, statSync(this.#transactions.database.location).uid);
    this.#isPrepared = true;
  }

  /**
   * Keeps the last entry that is on disk, where there is a newer one. Throws `WITNESS_UNUSABLE`, and
   * `LEDGER_ROLLED_BACK` where it would take the place of one that is missing.
   */
  keep(): void {
    const { durable } = this.#transactions;
    if (this.#witness === null || durable === null || durable.hash === this.#kept?.hash) return;
    const control = this.#transactions.control();
    const known = this.#witness.latest(durable.ledgerId);
    if (known !== null && !this.#isThere(known, control)) {
      const { location } = this.#transactions.database;
      throw createRolledBack(location, toRollback(known, control));
    }
    const generation = this.#generation(control);
    this.#witness.keep(durable.ledgerId, { ...durable, generation });
    this.#keepPlace(durable.ledgerId);
    this.#kept = durable;
  }

  /** So that a file that is gone is missed by this user. */
  #keepPlace(ledgerId: string): void {
    if (this.#kept !== null) return;
    this.#witness?.keepPlace(ledgerId, placeOf(this.#transactions.database.location));
  }

  /** Begins again with the ledger as it is, in which the entry `sequence` tells that entries up to `through` are lost. */
  accept(lost: { sequence: number; through: number }): void {
    const control = this.#transactions.control();
    this.#rights?.acceptLoss(control, lost);
    this.#witness?.forget(control.ledger_id);
    this.#kept = null;
    this.keep();
  }

  #generation(control: ControlRow): number {
    return this.#rights?.generation(control) ?? control.generation;
  }

  #isThere(known: WitnessedEntry, control: ControlRow): boolean {
    if (known.generation > this.#generation(control)) return false;
    if (this.#isInChain(known, control)) return true;
    if (this.#rights !== null) return this.#rights.acceptsLoss(known, control);
    const through = this.#accepted.get()?.through ?? 0;
    return known.generation < control.generation && known.sequence <= through;
  }

  #isInChain({ sequence, hash }: WitnessedEntry, control: ControlRow): boolean {
    if (sequence === control.start_sequence) return hash === control.start_hash;
    // What was pruned since was there.
    if (sequence < control.start_sequence) return true;
    return this.#hashAt.get(sequence)?.hash === hash;
  }

  async #stop(rollback: Rollback): Promise<void> {
    const reason = describeRollback(rollback);
    if (this.#found.get(rollback.hash) !== undefined) return;
    const { stop } = await this.#mode.get();
    if (stop === null) await this.#mode.stop({ by: LEDGER_ACTOR, reason });
    await this.#transactions.write((transaction) => {
      const details = { ...rollback };
      transaction.append({ actor: LEDGER_ACTOR, kind: 'rollback_found', reason, details });
    });
  }
}

function toRollback(known: WitnessedEntry, control: ControlRow): Rollback {
  const { head_sequence: head } = control;
  return { known: known.sequence, hash: known.hash, head, isCut: head < known.sequence };
}
