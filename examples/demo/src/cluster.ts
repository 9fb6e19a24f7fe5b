import type { TikvSim } from 'operator-tikv-sim';

/** Finds regions and stores of the simulated cluster that suit the examples of the story. */
export class Cluster {
  readonly #simulator: TikvSim;
  readonly #used = new Set<number>();

  constructor(simulator: TikvSim) {
    this.#simulator = simulator;
  }

  /** A region led by the store that no example was about yet. */
  regionLedBy(storeId: number): number {
    const region = this.#simulator.model
      .regions()
      .find(({ id, leaderStoreId }) => leaderStoreId === storeId && !this.#used.has(id));
    if (region === undefined) throw new Error(`store ${storeId} leads no region`);
    this.#used.add(region.id);
    return region.id;
  }

  /** Stores that have the region but do not lead it, without those that something else is done to. */
  followersOf(regionId: number, without: readonly number[] = []): readonly number[] {
    const region = this.#simulator.model.region(regionId);
    return this.#holdersOf(regionId).filter(
      (storeId) => storeId !== region?.leaderStoreId && !without.includes(storeId),
    );
  }

  /** Stores that do not have the region. */
  storesWithout(regionId: number): readonly number[] {
    const holders = this.#holdersOf(regionId);
    const stores = this.#simulator.model.stores().map(({ id }) => id);
    return stores.filter((storeId) => !holders.includes(storeId));
  }

  #holdersOf(regionId: number): readonly number[] {
    return this.#simulator.model.region(regionId)?.peers.map((peer) => peer.storeId) ?? [];
  }
}
