import { statSync } from 'node:fs';
import type { JsonObject } from 'operator-core';
import type {
  OwnerStatement,
  OwnerStatements,
  StatementKind,
} from '../../proofs/owner-statements.ts';
import type { Witness, WitnessedEntry } from '../witness.ts';
import type { ControlRow } from './control-row.ts';
import type { Statement } from './statement.ts';
import type { Transactions } from './transaction.ts';

/** A statement of the owner of the ledger that stands in the audit of this ledger. */
interface Standing {
  readonly sequence: number;
  readonly said: JsonObject;
}

/**
 * Reads the statements of the owner of the ledger's file, which are files of that owner. Each counts only in a ledger whose
 * audit has the matching entry.
 */
export class OwnerRights {
  readonly #transactions: Transactions;
  readonly #statements: OwnerStatements;
  readonly #witness: Witness | null;
  readonly #hashAt: Statement<{ hash: string }>;

  constructor(
    transactions: Transactions,
    parts: { statements: OwnerStatements; witness: Witness | null },
  ) {
    this.#transactions = transactions;
    this.#statements = parts.statements;
    this.#witness = parts.witness;
    this.#hashAt = transactions.database.prepare('SELECT hash FROM audit WHERE sequence = ?');
  }

  /** Number of times that the owner has accepted the loss of a part of the ledger. */
  generation(control: ControlRow): number {
    return Math.max(0, ...this.#accepted(control).map(({ generation }) => generation));
  }

  /** True when the owner has accepted that an entry is lost. */
  acceptsLoss(known: WitnessedEntry, control: ControlRow): boolean {
    return this.#accepted(control).some(
      ({ generation, through }) => known.generation < generation && known.sequence <= through,
    );
  }

  /** Writes down that entries up to `through` are lost, as the entry `sequence` says. */
  acceptLoss(
    control: ControlRow,
    { sequence, through }: { sequence: number; through: number },
  ): void {
    const known = this.#witness?.latest(control.ledger_id)?.generation ?? 0;
    const generation = Math.max(known, this.generation(control)) + 1;
    this.#say('rollback', { control, sequence, said: { generation, through } });
  }

  /** The last policy that the owner has bound the ledger to; `null` when the owner has bound it to none. */
  boundPolicy(control: ControlRow): JsonObject | null {
    const all = this.#standing('policy', control);
    return all.toSorted((one, other) => other.sequence - one.sequence)[0]?.said ?? null;
  }

  bindPolicy(control: ControlRow, bound: { sequence: number; said: JsonObject }): void {
    this.#say('policy', { control, ...bound });
  }

  /** True when this process may speak for the owner. */
  isOwner(control: ControlRow): boolean {
    const user = process.geteuid?.();
    return user === 0 || user === this.#ownerOf(control);
  }

  #say(
    kind: StatementKind,
    { control, sequence, said }: { control: ControlRow; sequence: number; said: JsonObject },
  ): void {
    const hash = this.#hashAt.get(sequence)?.hash ?? '';
    this.#statements.write(kind, { ledgerId: control.ledger_id, sequence, hash, said });
  }

  #accepted(control: ControlRow): readonly { generation: number; through: number }[] {
    return this.#standing('rollback', control).map(({ said }) => ({
      generation: toCount(said['generation']),
      through: toCount(said['through']),
    }));
  }

  #standing(kind: StatementKind, control: ControlRow): readonly Standing[] {
    const of = { ledgerId: control.ledger_id, owner: this.#ownerOf(control) };
    return this.#statements.read(kind, of).filter((one) => this.#isInAudit(one, control));
  }

  #isInAudit({ sequence, hash }: OwnerStatement, control: ControlRow): boolean {
    if (sequence === control.start_sequence) return hash === control.start_hash;
    // What was pruned since was there.
    if (sequence < control.start_sequence) return true;
    return this.#hashAt.get(sequence)?.hash === hash;
  }

  /** Owner of the ledger as this user first saw it; a user who replaces the file does not become this owner. */
  #ownerOf({ ledger_id: id }: ControlRow): number {
    return this.#witness?.ownerOf(id) ?? statSync(this.#transactions.database.location).uid;
  }
}

function toCount(value: unknown): number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : 0;
}
