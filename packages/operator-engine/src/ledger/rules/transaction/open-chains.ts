import type { ChainRow, Chains } from './chain-row.ts';
import { genesisOf } from './chain-row.ts';
import type { Control } from './control-row.ts';
import type { StoreOrder } from '../store/driver.ts';
import { Statement } from '../store/statement.ts';
import type { Queries } from '../store/statement.ts';

/** A chain in a transaction that locks it. */
export interface OpenChain {
  readonly name: string;
  /** Place and hash with which it begins. */
  readonly start: { readonly place: number; readonly hash: string };
  /** True until it has a row. */
  isNew: boolean;
  /** True once the root chain records it. */
  isOpened: boolean;
  place: number;
  hash: string;
  sequence: number;
  at: number;
  fence: number;
}

const ROW = new Statement<ChainRow>('SELECT * FROM chain WHERE name = ?');

/** The chains that a transaction locks: systems first, then the root chain. */
export class OpenChains {
  readonly #queries: Queries;
  readonly #control: Control;
  readonly #order: StoreOrder;
  readonly #locked: Set<string>;
  readonly #open = new Map<string, OpenChain>();
  readonly #written = new Map<string, ChainRow>();

  /** `locked`: the chains that were locked before `control` was read. */
  constructor(
    queries: Queries,
    parts: { control: Control; order: StoreOrder; locked: readonly string[] },
  ) {
    this.#queries = queries;
    this.#control = parts.control;
    this.#order = parts.order;
    this.#locked = new Set(parts.locked);
  }

  /** Locks the chain until this transaction ends, and returns it as the last transaction left it. */
  async open(name: string): Promise<OpenChain> {
    const known = this.#open.get(name);
    if (known !== undefined) return known;
    const isLocked = this.#locked.has(name);
    const row = isLocked ? this.#control.chains.get(name) : await this.#lock(name);
    const chain = row === undefined ? this.#begin(name) : resume(row);
    this.#open.set(name, chain);
    return chain;
  }

  isLocked(name: string): boolean {
    return this.#locked.has(name);
  }

  all(): readonly OpenChain[] {
    return [...this.#open.values()];
  }

  /** Call this when the row of a chain was written. */
  keep(chain: OpenChain): void {
    chain.isNew = false;
    this.#written.set(chain.name, toRow(chain));
  }

  /** The rows of all chains as this transaction leaves them. */
  after(): Chains {
    const { chains } = this.#control;
    return this.#written.size === 0 ? chains : new Map([...chains, ...this.#written]);
  }

  async #lock(name: string): Promise<ChainRow | undefined> {
    await this.#order.lock(this.#queries, name);
    this.#locked.add(name);
    return ROW.get(this.#queries, name);
  }

  #begin(name: string): OpenChain {
    const { ledger_id: id, chain_base: place, fence } = this.#control;
    const hash = genesisOf(id, name);
    const start = { place, hash };
    return { name, start, isNew: true, isOpened: false, place, hash, sequence: 0, at: 0, fence };
  }
}

function resume(row: ChainRow): OpenChain {
  const { name, head_place: place, head_hash: hash, head_sequence: sequence } = row;
  const { head_at: at, fence } = row;
  const start = { place: row.start_place, hash: row.start_hash };
  return { name, start, isNew: false, isOpened: true, place, hash, sequence, at, fence };
}

function toRow({ name, start, place, hash, sequence, at, fence }: OpenChain): ChainRow {
  const head = { head_place: place, head_hash: hash, head_sequence: sequence, head_at: at };
  return { name, start_place: start.place, start_hash: start.hash, ...head, fence };
}
