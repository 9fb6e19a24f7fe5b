import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import type {
  ChangingQueries,
  Durability,
  LedgerDriver,
  LedgerStore,
  Queries,
  StoreOptions,
} from '../../src/ledger-driver.ts';

/**
 * A driver over another whose statements answer later, as those of a database server do: everything else in
 * the process goes on between two statements of a transaction. With two connections it also reads, slowly, while it writes.
 */
export function createSlowDriver(
  driver: LedgerDriver,
  { connections = 1 }: { connections?: 1 | 2 } = {},
): LedgerDriver {
  return {
    location: driver.location,
    exists: async () => driver.exists(),
    findLost: async (witness) => driver.findLost(witness),
    requireOwnerOfLost: (lost) => driver.requireOwnerOfLost(lost),
    proveByFiles: () => null,
    open: async (options: StoreOptions) => {
      const store = await driver.open(options);
      return new SlowStore(store, connections === 1 ? store : await driver.open(options));
    },
  };
}

class SlowStore implements LedgerStore {
  readonly location: string;
  readonly place: string;
  readonly time: LedgerStore['time'];
  readonly order: LedgerStore['order'];
  readonly owner: LedgerStore['owner'];
  readonly #store: LedgerStore;
  readonly #reads: LedgerStore;

  constructor(store: LedgerStore, reads: LedgerStore) {
    this.#store = store;
    this.#reads = reads;
    this.location = store.location;
    this.place = store.place;
    this.time = store.time;
    this.order = store.order;
    this.owner = store.owner;
  }

  async read<Result>(body: (queries: Queries) => Promise<Result>): Promise<Result> {
    const wait = this.#reads === this.#store ? pause : async () => sleep(10);
    return this.#reads.read(async (queries) => body(slow(queries, wait)));
  }

  async write<Result>(
    body: (queries: ChangingQueries) => Promise<Result>,
    options?: Durability,
  ): Promise<Result> {
    return this.#store.write(
      async (queries) => body({ ...slow(queries), before: () => slow(queries.before()) }),
      options,
    );
  }

  async requireShape(queries: Queries): Promise<void> {
    await this.#store.requireShape(queries);
  }

  async findDamage(queries: Queries): Promise<readonly string[]> {
    return this.#store.findDamage(queries);
  }

  async size(): Promise<number> {
    return this.#store.size();
  }

  async backup(target: string): Promise<number> {
    return this.#store.backup(target);
  }

  async tryWriting(): Promise<{ freeBytes: number | null }> {
    return this.#store.tryWriting();
  }

  async close(): Promise<void> {
    await this.#store.close();
    await this.#reads.close();
  }
}

function slow(queries: Queries, wait = pause): Queries {
  return {
    get: async (sql, inputs) => {
      await wait();
      return queries.get(sql, inputs);
    },
    all: async (sql, inputs) => {
      await wait();
      return queries.all(sql, inputs);
    },
    run: async (sql, inputs) => {
      await wait();
      return queries.run(sql, inputs);
    },
  };
}

async function pause(): Promise<void> {
  if (Math.random() < 0.02) await sleep(1);
  else await nextTurn();
}
