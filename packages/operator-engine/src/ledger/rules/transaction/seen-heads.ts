import type { Rollback } from '../../maintenance.ts';
import type { ChainRow, Chains } from './chain-row.ts';
import { createRolledBack } from './rolled-back.ts';

type Seen = Pick<ChainRow, 'name' | 'head_place' | 'head_hash' | 'head_sequence'>;

/** The last entry of each chain that this process has read, so that an older copy is recognised in a running process. */
export class SeenHeads {
  readonly #location: string;
  #heads: ReadonlyMap<string, Seen> = new Map();

  /** `location`: of the ledger, for errors. */
  constructor(location: string) {
    this.#location = location;
  }

  /** The heads seen so far. Call this before a transaction reads the chains, so that they are no newer than its read. */
  get now(): ReadonlyMap<string, Seen> {
    return this.#heads;
  }

  /** Throws `LEDGER_ROLLED_BACK` where `chains` lack what was seen when their transaction began. */
  require(seen: ReadonlyMap<string, Seen>, chains: Chains): void {
    for (const known of seen.values()) {
      const lost = findLost(known, chains.get(known.name));
      if (lost !== null) throw createRolledBack(this.#location, lost);
    }
    this.#advance(chains);
  }

  /** Transactions that began later may have ended earlier. */
  #advance(chains: Chains): void {
    let heads: Map<string, Seen> | null = null;
    for (const row of chains.values()) {
      if (row.head_place <= (this.#heads.get(row.name)?.head_place ?? -1)) continue;
      heads ??= new Map(this.#heads);
      heads.set(row.name, row);
    }
    this.#heads = heads ?? this.#heads;
  }
}

function findLost(known: Seen, row: ChainRow | undefined): Rollback | null {
  const isCut = (row?.head_place ?? -1) < known.head_place;
  if (!isCut && (row?.head_place !== known.head_place || row.head_hash === known.head_hash)) {
    return null;
  }
  const { name: chain, head_sequence: sequence, head_hash: hash } = known;
  return { chain, known: sequence, hash, head: row?.head_sequence ?? 0, isCut };
}
