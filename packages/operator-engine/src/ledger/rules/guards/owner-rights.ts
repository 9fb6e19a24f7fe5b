import { ROOT } from '../../../identity/os-user.ts';
import { filterInTurn } from '../store/in-turn.ts';
import { isJsonObject } from 'operator-core';
import type { JsonObject, JsonValue } from 'operator-core';
import type {
  OwnerStatement,
  OwnerStatements,
  StatementKind,
} from '../../../proofs/owner-statements.ts';
import type { Witness, WitnessedEntry } from '../../witness.ts';
import { ROOT_CHAIN } from '../../audit-log.ts';
import { isFirstBeginning, isToldBeginning } from './told-beginnings.ts';
import type { ChainRow } from '../transaction/chain-row.ts';
import type { Control } from '../transaction/control-row.ts';
import { Statement } from '../store/statement.ts';
import type { Queries } from '../store/statement.ts';
import type { Transactions } from '../transaction/transaction.ts';

/** A statement of the owner of the ledger that stands in the audit of this ledger. */
interface Standing {
  /** The place of its entry in the root chain. */
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
    this.#hashAt = new Statement('SELECT hash FROM audit WHERE chain = ? AND place = ?');
  }

  /** Number of times that the owner has accepted the loss of a part of the ledger. */
  async generation(transaction: Queries, control: Control): Promise<number> {
    return Math.max(
      0,
      ...(await this.#accepted(transaction, control)).map(({ generation }) => generation),
    );
  }

  /** True when the owner has accepted that an entry is lost. */
  async acceptsLoss(
    transaction: Queries,
    known: WitnessedEntry,
    control: Control,
  ): Promise<boolean> {
    return (await this.#accepted(transaction, control)).some(
      ({ generation, through }) => known.generation < generation && known.sequence <= through,
    );
  }

  /** Writes that entries up to the number `through` are lost, which the entry `sequence` records. */
  async acceptLoss(
    transaction: Queries,
    control: Control,
    { sequence, through }: { sequence: number; through: number },
  ): Promise<void> {
    const known = this.#witness?.latest(control.ledger_id) ?? [];
    const generations = known.map(({ generation }) => generation);
    const generation = Math.max(await this.generation(transaction, control), ...generations) + 1;
    const heads = Object.fromEntries([...control.chains.values()].map(toHead));
    const said = { generation, through, heads };
    await this.#say(transaction, 'rollback', { control, sequence, said });
  }

  /** The last policy that the owner has bound the ledger to; `null` when the owner has bound it to none. */
  async boundPolicy(transaction: Queries, control: Control): Promise<JsonObject | null> {
    const all = await this.#standing(transaction, 'policy', control);
    return all.toSorted((one, other) => other.sequence - one.sequence)[0]?.said ?? null;
  }

  async bindPolicy(
    transaction: Queries,
    control: Control,
    bound: { sequence: number; said: JsonObject },
  ): Promise<void> {
    await this.#say(transaction, 'policy', { control, ...bound });
  }

  /** Writes the beginnings of all chains after a prune, which the entry `place` of the root chain records. */
  async statePrune(transaction: Queries, control: Control, place: number): Promise<void> {
    const said = { beginnings: Object.fromEntries([...control.chains.values()].map(toBeginning)) };
    await this.#say(transaction, 'prune', { control, sequence: place, said });
  }

  /** True when the entries before the beginning of a chain were pruned by the owner, or when there are none. */
  async isBeginning(transaction: Queries, chain: ChainRow, control: Control): Promise<boolean> {
    if (!(await isToldBeginning(transaction, chain, control))) return false;
    if (isFirstBeginning(chain, control)) return true;
    const of = { ledgerId: control.ledger_id, owner: this.#ownerOf(control) };
    const said = this.#statements.read('prune', of).filter(({ said: { beginnings } }) => {
      const { [chain.name]: one = null } = isJsonObject(beginnings) ? beginnings : {};
      return isJsonObject(one) && isSame(one, chain);
    });
    // A later prune removes the entry of an earlier one, and records all beginnings again.
    const standing = await filterInTurn(said, async ({ sequence, hash }) => {
      return (await this.#hashAt.get(transaction, ROOT_CHAIN, sequence))?.hash === hash;
    });
    return standing.length > 0;
  }

  /** True when this process may speak for the owner. */
  isOwner(control: Control): boolean {
    const user = process.geteuid?.();
    return user === 0 || user === this.#ownerOf(control);
  }

  async #say(
    transaction: Queries,
    kind: StatementKind,
    { control, sequence, said }: { control: Control; sequence: number; said: JsonObject },
  ): Promise<void> {
    const hash = (await this.#hashAt.get(transaction, ROOT_CHAIN, sequence))?.hash ?? '';
    this.#statements.write(kind, { ledgerId: control.ledger_id, sequence, hash, said });
  }

  async #accepted(
    transaction: Queries,
    control: Control,
  ): Promise<readonly { generation: number; through: number }[]> {
    const standing = await this.#standing(transaction, 'rollback', control);
    const whole = await filterInTurn(standing, async ({ said }) =>
      this.#hasHeads(transaction, said, control),
    );
    return whole.map(({ said }) => ({
      generation: toCount(said['generation']),
      through: toCount(said['through']),
    }));
  }

  async #standing(
    transaction: Queries,
    kind: StatementKind,
    control: Control,
  ): Promise<readonly Standing[]> {
    const of = { ledgerId: control.ledger_id, owner: this.#ownerOf(control) };
    return filterInTurn(this.#statements.read(kind, of), async (one) =>
      this.#isInAudit(transaction, one, control),
    );
  }

  /** True while the heads at the time of the acceptance are in their chains: it covers no later loss. */
  async #hasHeads(transaction: Queries, said: JsonObject, control: Control): Promise<boolean> {
    const { heads = {} } = said;
    if (!isJsonObject(heads)) return false;
    const missing = await filterInTurn(Object.entries(heads), async ([chain, head]) => {
      if (!isJsonObject(head)) return true;
      const { place = null, hash = null } = head;
      return !(await this.#isThere(transaction, { chain, place, hash }, control));
    });
    return missing.length === 0;
  }

  async #isInAudit(
    transaction: Queries,
    { sequence: place, hash }: OwnerStatement,
    control: Control,
  ): Promise<boolean> {
    return this.#isThere(transaction, { chain: ROOT_CHAIN, place, hash }, control);
  }

  async #isThere(
    transaction: Queries,
    { chain: name, place, hash }: { chain: string; place: JsonValue; hash: JsonValue },
    control: Control,
  ): Promise<boolean> {
    const chain = control.chains.get(name);
    if (chain === undefined || typeof place !== 'number') return false;
    if (place === chain.start_place && hash !== chain.start_hash) return false;
    // This entry was pruned.
    if (place <= chain.start_place) return this.isBeginning(transaction, chain, control);
    return (await this.#hashAt.get(transaction, name, place))?.hash === hash;
  }

  /** Owner of the ledger as this user first saw it; a user who replaces the file does not become this owner. */
  #ownerOf({ ledger_id: id }: Control): number {
    return this.#witness?.ownerOf(id) ?? this.#transactions.store.owner.uid() ?? ROOT;
  }
}

function toBeginning({ name, start_place: place, start_hash: hash }: ChainRow) {
  return [name, { place, hash }] as const;
}

function isSame({ place = null, hash = null }: JsonObject, chain: ChainRow): boolean {
  return place === chain.start_place && hash === chain.start_hash;
}

function toHead({ name, head_place: place, head_hash: hash }: ChainRow) {
  return [name, { place, hash }] as const;
}

function toCount(value: unknown): number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : 0;
}
