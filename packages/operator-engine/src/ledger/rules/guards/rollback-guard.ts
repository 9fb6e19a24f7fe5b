import type { Rollback } from '../../maintenance.ts';
import type { ModeSwitch } from '../../mode.ts';
import { toKey } from '../../witness.ts';
import type { Witness, WitnessedEntry } from '../../witness.ts';
import { createRolledBack, describeRollback } from '../transaction/rolled-back.ts';
import type { OwnerRights } from './owner-rights.ts';
import { isToldBeginning } from './told-beginnings.ts';
import { filterInTurn } from '../store/in-turn.ts';
import { Statement } from '../store/statement.ts';
import type { Queries } from '../store/statement.ts';
import { LEDGER_ACTOR } from '../transaction/transaction.ts';
import type { ChainRow } from '../transaction/chain-row.ts';
import type { Control } from '../transaction/control-row.ts';
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
  /** Hashes of the entries that were kept, by chain. */
  readonly #kept = new Map<string, string>();
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
    this.#hashAt = new Statement('SELECT hash FROM audit WHERE chain = ? AND place = ?');
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

  /** Does what {@link find} does, inside a transaction. Where several chains lack entries: the latest of them. */
  async findIn(transaction: Queries, control: Control): Promise<Rollback | null> {
    const known = this.#witness?.latest(control.ledger_id) ?? [];
    const lost = await filterInTurn(
      known,
      async (one) => !(await this.#isThere(transaction, one, control)),
    );
    const last = lost.toSorted((one, other) => other.sequence - one.sequence)[0];
    return last === undefined ? null : toRollback(last, control);
  }

  /**
   * Call this with what was found, before anything that may lead to a request. Throws `LEDGER_ROLLED_BACK`, after it has
   * thrown the kill switch so that no other process uses such a ledger; and `WITNESS_UNUSABLE`.
   */
  async requireNone(
    rollback: Rollback | null,
    { ledger_id: id }: Pick<Control, 'ledger_id'>,
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
   * Writes the last entries that are on disk to the witness, where they are newer. Throws `WITNESS_UNUSABLE`, and
   * `LEDGER_ROLLED_BACK` where one would replace a witnessed entry that the ledger lacks.
   */
  async keep(): Promise<void> {
    const witness = this.#witness;
    const newer = this.#transactions.durable.filter(
      ({ chain, hash }) => this.#kept.get(chain) !== hash,
    );
    if (witness === null || newer.length === 0) return;
    await this.#transactions.look(async (queries, control) =>
      this.#keep(queries, control, { witness, newer }),
    );
  }

  async #keep(
    transaction: Queries,
    control: Control,
    { witness, newer }: { witness: Witness; newer: readonly LedgerHead[] },
  ): Promise<void> {
    const lost = await this.findIn(transaction, control);
    if (lost !== null) throw createRolledBack(this.#transactions.store.location, lost);
    const generation = await this.#generation(transaction, control);
    const { ledger_id: id } = control;
    witness.keep(
      id,
      newer.map((head) => ({ ...head, generation })),
    );
    this.#keepPlace(id);
    for (const { chain, hash } of newer) this.#kept.set(chain, hash);
  }

  /** Remembers the place of the ledger for this user, so that a deleted file is noticed. */
  #keepPlace(ledgerId: string): void {
    if (this.#kept.size > 0) return;
    this.#witness?.keepPlace(ledgerId, this.#transactions.store.place);
  }

  /** Begins again with the ledger as it is. Its entry `sequence` records that entries up to the number `through` are lost. */
  async accept(lost: { sequence: number; through: number }): Promise<void> {
    await this.#transactions.look(async (queries, control) => {
      await this.#rights?.acceptLoss(queries, control, lost);
      this.#witness?.forget(control.ledger_id);
    });
    this.#kept.clear();
    await this.keep();
  }

  /** Writes the owner's file about a prune, which the entry `place` of the root chain records. */
  async statePrune(place: number): Promise<void> {
    await this.#transactions.look(async (queries, control) =>
      this.#rights?.statePrune(queries, control, place),
    );
  }

  async #generation(transaction: Queries, control: Control): Promise<number> {
    return (await this.#rights?.generation(transaction, control)) ?? control.generation;
  }

  async #isThere(transaction: Queries, known: WitnessedEntry, control: Control): Promise<boolean> {
    if (known.generation > (await this.#generation(transaction, control))) return false;
    if (await this.#isInChain(transaction, known, control)) return true;
    if (this.#rights !== null) return this.#rights.acceptsLoss(transaction, known, control);
    const through = Number((await this.#accepted.get(transaction))?.through ?? 0);
    return known.generation < control.generation && known.sequence <= through;
  }

  async #isInChain(
    transaction: Queries,
    { chain: key, place, hash }: WitnessedEntry,
    control: Control,
  ): Promise<boolean> {
    const chain = chainBy(key, control);
    if (chain === undefined) return false;
    const { name, start_place: start } = chain;
    if (place === start && hash !== chain.start_hash) return false;
    // This entry was pruned.
    if (place <= start) return this.#isBeginning(transaction, chain, control);
    return (await this.#hashAt.get(transaction, name, place))?.hash === hash;
  }

  async #isBeginning(transaction: Queries, chain: ChainRow, control: Control): Promise<boolean> {
    return this.#rights === null
      ? isToldBeginning(transaction, chain, control)
      : this.#rights.isBeginning(transaction, chain, control);
  }

  async #stop(rollback: Rollback): Promise<void> {
    const reason = describeRollback(rollback);
    const found = await this.#transactions.read(async (transaction) =>
      this.#found.get(transaction, rollback.hash),
    );
    if (found !== undefined) return;
    const { stop } = await this.#mode.get();
    if (stop === null) await this.#mode.stop({ by: LEDGER_ACTOR, reason });
    await this.#transactions.write(async (transaction) => {
      const details = { ...rollback };
      await transaction.append({ actor: LEDGER_ACTOR, kind: 'rollback_found', reason, details });
    });
  }
}

/** The chain of a witnessed entry; `undefined` when the ledger lacks it. */
function chainBy(key: string, { chains }: Control): ChainRow | undefined {
  return [...chains.values()].find(({ name }) => toKey(name) === key);
}

function toRollback(known: WitnessedEntry, control: Control): Rollback {
  const { chain: key, place, sequence, hash } = known;
  const chain = chainBy(key, control);
  const isCut = (chain?.head_place ?? 0) < place;
  const head = chain?.head_sequence ?? 0;
  return { chain: chain?.name ?? decode(key), known: sequence, hash, head, isCut };
}

function decode(key: string): string {
  return key.startsWith('sha256.') ? key : decodeURIComponent(key);
}
