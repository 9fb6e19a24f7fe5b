import type { Rollback } from '../../maintenance.ts';
import type { ModeSwitch } from '../../mode.ts';
import type { Witness, WitnessedEntry } from '../../witness.ts';
import { createRolledBack, describeRollback } from '../transaction/rolled-back.ts';
import type { OwnerRights } from './owner-rights.ts';
import { Statement } from '../store/statement.ts';
import type { Queries } from '../store/statement.ts';
import { LEDGER_ACTOR } from '../transaction/transaction.ts';
import type { ControlRow } from '../transaction/control-row.ts';
import type { LedgerHead, Transactions } from '../transaction/transaction.ts';

/** Holds the ledger against what this user's processes know to have been in it. */
export class RollbackGuard {
  readonly #transactions: Transactions;
  readonly #witness: Witness | null;
  readonly #mode: ModeSwitch;
  readonly #rights: OwnerRights | null;
  readonly #hashAt: Statement<{ hash: string }>;
  readonly #accepted: Statement<{ through: number | string | null }>;
  readonly #found: Statement<{ sequence: number }>;
  #kept: WitnessedEntry | null = null;
  #isPrepared = false;

  /** `rights`: what the owner has said by files; `null` where rows count, because the host alone writes them. */
  constructor(
    transactions: Transactions,
    parts: { witness: Witness | null; mode: ModeSwitch; rights: OwnerRights | null },
  ) {
    this.#rights = parts.rights;
    this.#transactions = transactions;
    this.#witness = parts.witness;
    this.#mode = parts.mode;
    this.#hashAt = new Statement('SELECT hash FROM audit WHERE sequence = ?');
    this.#accepted = new Statement(
      `SELECT MEMBER(entry, 'details.through') AS through FROM audit
       WHERE kind = 'rollback_accepted' ORDER BY sequence DESC LIMIT 1`,
    );
    this.#found = new Statement(
      `SELECT sequence FROM audit WHERE kind = 'rollback_found' AND MEMBER(entry, 'details.hash') = ?`,
    );
  }

  /** The missing part; `null` when everything that this user has seen is there. */
  async find(): Promise<Rollback | null> {
    if (this.#witness === null) return null;
    return this.#transactions.look(async (queries, control) => this.findIn(queries, control));
  }

  /** As {@link find}, inside a transaction. */
  async findIn(transaction: Queries, control: ControlRow): Promise<Rollback | null> {
    const known = this.#witness?.latest(control.ledger_id) ?? null;
    return known === null || (await this.#isThere(transaction, known, control))
      ? null
      : toRollback(known, control);
  }

  /**
   * Call this with what was found, before anything that may lead to a request. Throws `LEDGER_ROLLED_BACK`, after it has
   * thrown the kill switch so that no other process uses such a ledger; and `WITNESS_UNUSABLE`.
   */
  async requireNone(
    rollback: Rollback | null,
    { ledger_id: id }: Pick<ControlRow, 'ledger_id'>,
  ): Promise<void> {
    const witness = this.#witness;
    if (witness === null) return;
    if (rollback !== null) {
      await this.#stop(rollback);
      throw createRolledBack(this.#transactions.store.location, rollback);
    }
    if (this.#isPrepared) return;
    witness.prepare(id);
    const owner = this.#transactions.store.owner.uid();
    if (owner !== null) witness.keepOwner(id, owner);
    this.#isPrepared = true;
  }

  /**
   * Keeps the last entry that is on disk, where there is a newer one. Throws `WITNESS_UNUSABLE`, and
   * `LEDGER_ROLLED_BACK` where it would take the place of one that is missing.
   */
  async keep(): Promise<void> {
    const { durable } = this.#transactions;
    const witness = this.#witness;
    if (witness === null || durable === null || durable.hash === this.#kept?.hash) return;
    await this.#transactions.look(async (queries, control) =>
      this.#keep(queries, control, { witness, durable }),
    );
  }

  async #keep(
    transaction: Queries,
    control: ControlRow,
    { witness, durable }: { witness: Witness; durable: LedgerHead },
  ): Promise<void> {
    const known = witness.latest(durable.ledgerId);
    if (known !== null && !(await this.#isThere(transaction, known, control))) {
      const { location } = this.#transactions.store;
      throw createRolledBack(location, toRollback(known, control));
    }
    const generation = await this.#generation(transaction, control);
    witness.keep(durable.ledgerId, { ...durable, generation });
    this.#keepPlace(durable.ledgerId);
    this.#kept = durable;
  }

  /** So that a file that is gone is missed by this user. */
  #keepPlace(ledgerId: string): void {
    if (this.#kept !== null) return;
    this.#witness?.keepPlace(ledgerId, this.#transactions.store.place);
  }

  /** Begins again with the ledger as it is, in which the entry `sequence` tells that entries up to `through` are lost. */
  async accept(lost: { sequence: number; through: number }): Promise<void> {
    await this.#transactions.look(async (queries, control) => {
      await this.#rights?.acceptLoss(queries, control, lost);
      this.#witness?.forget(control.ledger_id);
    });
    this.#kept = null;
    await this.keep();
  }

  async #generation(transaction: Queries, control: ControlRow): Promise<number> {
    return (await this.#rights?.generation(transaction, control)) ?? control.generation;
  }

  async #isThere(
    transaction: Queries,
    known: WitnessedEntry,
    control: ControlRow,
  ): Promise<boolean> {
    if (known.generation > (await this.#generation(transaction, control))) return false;
    if (await this.#isInChain(transaction, known, control)) return true;
    if (this.#rights !== null) return this.#rights.acceptsLoss(transaction, known, control);
    const through = Number((await this.#accepted.get(transaction))?.through ?? 0);
    return known.generation < control.generation && known.sequence <= through;
  }

  async #isInChain(
    transaction: Queries,
    { sequence, hash }: WitnessedEntry,
    control: ControlRow,
  ): Promise<boolean> {
    if (sequence === control.start_sequence) return hash === control.start_hash;
    // What was pruned since was there.
    if (sequence < control.start_sequence) return true;
    return (await this.#hashAt.get(transaction, sequence))?.hash === hash;
  }

  async #stop(rollback: Rollback): Promise<void> {
    const reason = describeRollback(rollback);
    const found = await this.#transactions.read(async (transaction) =>
      this.#found.get(transaction, rollback.hash),
    );
    if (found !== undefined) return;
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
