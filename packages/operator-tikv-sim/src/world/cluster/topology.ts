import { RegionIndex } from './region-index.ts';
import type { Peer, PeerRole } from './peer.ts';
import { type Region, peerOn } from './region.ts';
import type { Store } from './store.ts';

/** Stores and regions together: every change goes through here, so that the counts of the stores are never computed by scanning. */
export class Topology {
  readonly stores = new Map<number, Store>();
  readonly regions = new RegionIndex();
  /** Regions that are written or read: few, so that hot spots are found without scanning. */
  readonly busyRegions = new Set<Region>();
  #lastId = 0;
  #reported = 0;

  /** A fresh id: PD numbers stores, regions and peers from one sequence. */
  allocateId(): number {
    this.#lastId += 1;
    return this.#lastId;
  }

  /** Number of regions that the present PD leader has heard of. */
  get reportedRegions(): number {
    return this.#reported;
  }

  addStore(store: Store): void {
    this.stores.set(store.id, store);
    this.#lastId = Math.max(this.#lastId, store.id);
  }

  addRegion(region: Region): void {
    this.regions.add(region);
    if (Object.values(region.flow).some((value) => value > 0)) this.busyRegions.add(region);
    this.#reported += region.reported ? 1 : 0;
    for (const peer of region.peers) this.stores.get(peer.storeId)?.hosting.add(region);
    this.#storeOf(region.leader)?.leading.add(region);
    this.#count(region, 1);
  }

  setFlow(region: Region, flow: Region['flow']): void {
    region.flow = flow;
    this.busyRegions.add(region);
  }

  removeRegion(region: Region): void {
    this.#count(region, -1);
    this.busyRegions.delete(region);
    this.#reported -= region.reported ? 1 : 0;
    for (const peer of region.peers) this.stores.get(peer.storeId)?.hosting.delete(region);
    this.#storeOf(region.leader)?.leading.delete(region);
    this.regions.remove(region);
  }

  setLeader(region: Region, leader: Peer | undefined): void {
    this.#change(region, () => {
      this.#storeOf(region.leader)?.leading.delete(region);
      region.leader = leader;
      this.#storeOf(leader)?.leading.add(region);
    });
  }

  addPeer(region: Region, peer: Peer): void {
    this.#change(region, () => {
      region.peers = [...region.peers, peer];
      region.confVer += 1;
    });
    this.stores.get(peer.storeId)?.hosting.add(region);
  }

  removePeer(region: Region, storeId: number): void {
    if (region.leader?.storeId === storeId) this.setLeader(region, undefined);
    this.#change(region, () => {
      region.peers = region.peers.filter((peer) => peer.storeId !== storeId);
      region.pending.delete(storeId);
      region.down.delete(storeId);
      region.confVer += 1;
    });
    this.stores.get(storeId)?.hosting.delete(region);
  }

  setRoles(region: Region, roles: ReadonlyMap<number, PeerRole>): void {
    this.#change(region, () => {
      for (const [storeId, role] of roles) {
        const peer = peerOn(region, storeId);
        if (peer !== undefined) peer.role = role;
      }
      region.confVer += roles.size;
    });
  }

  setPending(region: Region, storeId: number, pending: boolean): void {
    this.#change(region, () => {
      if (pending) region.pending.add(storeId);
      else region.pending.delete(storeId);
    });
  }

  resize(region: Region, sizeMiB: number, keys: number): void {
    this.#change(region, () => {
      region.sizeMiB = sizeMiB;
      region.keys = keys;
    });
  }

  /** The PD leader receives the region's heartbeat. */
  report(region: Region): void {
    if (region.reported) return;
    this.#change(region, () => (region.reported = true));
    this.#reported += 1;
  }

  /** A PD leader without memory: regions are known from storage, without leader and size. */
  forgetReports(): void {
    for (const region of this.regions.all()) this.#change(region, () => (region.reported = false));
    this.#reported = 0;
  }

  /** Stops the counting, as PD's index stops when its lock is never released. */
  freeze(frozen: boolean): void {
    for (const store of this.stores.values())
      store.frozenCounts = frozen ? { ...store.counts } : undefined;
  }

  #storeOf(peer: Peer | undefined): Store | undefined {
    return peer === undefined ? undefined : this.stores.get(peer.storeId);
  }

  #change(region: Region, change: () => void): void {
    this.#count(region, -1);
    change();
    this.#count(region, 1);
  }

  #count(region: Region, sign: 1 | -1): void {
    const size = region.reported ? region.sizeMiB * sign : 0;
    for (const peer of region.peers) {
      const store = this.stores.get(peer.storeId);
      if (store === undefined) continue;
      const { counts } = store;
      store.dataMiB += region.sizeMiB * sign;
      counts.regions += sign;
      counts.regionSize += size;
      if (!region.reported) continue;
      if (peer.role === 'Learner') counts.learners += sign;
      if (region.pending.has(peer.storeId)) counts.pending += sign;
      if (peer === region.leader) {
        counts.leaders += sign;
        counts.leaderSize += size;
      }
    }
  }
}
