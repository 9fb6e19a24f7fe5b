import { processStart } from '../endpoints/operators.ts';
import { shownCounts } from '../endpoints/store-info.ts';
import { scheduleJson } from '../endpoints/config.ts';
import type { PeerRole } from '../world/cluster/peer.ts';
import type { Region } from '../world/cluster/region.ts';
import type { Label, Store } from '../world/cluster/store.ts';
import { type StoreStateName, stateName } from '../world/store-health.ts';
import type { World } from '../world/world.ts';
import { operatorText, statusText } from '../world/operators/operator.ts';
import { EVICT_LEADER } from '../world/schedulers/scheduler-names.ts';
import type { JsonObject } from '../text/json-value.ts';

/** A store as a test sees it: what PD would say, beside what is true. */
export interface StoreView {
  readonly id: number;
  readonly address: string;
  readonly statusAddress: string;
  readonly state: StoreStateName;
  /** Number of leaders that PD would answer. */
  readonly leaderCount: number;
  readonly regionCount: number;
  /** True number of leaders. */
  readonly trueLeaderCount: number;
  readonly busy: boolean;
  readonly silent: boolean;
  readonly labels: readonly Label[];
}

export interface PeerView {
  readonly id: number;
  readonly storeId: number;
  readonly role: PeerRole;
}

/** A region in truth; `reported` says whether the present PD leader knows of its leader. */
export interface RegionView {
  readonly id: number;
  /** Upper-case hex; '' is infinite. */
  readonly startKey: string;
  readonly endKey: string;
  readonly leaderStoreId: number | undefined;
  readonly peers: readonly PeerView[];
  readonly pendingStoreIds: readonly number[];
  readonly downStoreIds: readonly number[];
  readonly confVer: number;
  readonly version: number;
  readonly sizeMiB: number;
  readonly reported: boolean;
}

/** Read access to the model, for tests. */
export interface Model {
  stores(): StoreView[];
  store(id: number): StoreView | undefined;
  regions(): RegionView[];
  region(id: number): RegionView | undefined;
  /** Enabled schedulers, paused ones included. */
  schedulers(): string[];
  /** Stores on the evict-leader scheduler's list. */
  evictedStores(): number[];
  /** The running operator of a region in PD's words. */
  runningOperator(regionId: number): string | undefined;
  /** The region's finished operator: `status: SUCCESS, operator: …`. */
  record(regionId: number): string | undefined;
  leaderMember(): string | undefined;
  scheduleConfig(): JsonObject;
  /** False while a new PD leader does not yet know the regions and runs no schedulers. */
  prepared(): boolean;
}

export function createModel(world: World): Model {
  const { topology, operators, profile } = world;
  return {
    stores: () => [...topology.stores.values()].map((store) => viewStore(world, store)),
    store: (id) => {
      const store = topology.stores.get(id);
      return store === undefined ? undefined : viewStore(world, store);
    },
    regions: () => topology.regions.all().map(viewRegion),
    region: (id) => {
      const region = topology.regions.get(id);
      return region === undefined ? undefined : viewRegion(region);
    },
    schedulers: () => world.schedulers.names(),
    evictedStores: () => world.schedulers.storesOf(EVICT_LEADER),
    runningOperator: (regionId) => {
      const operator = operators.running(regionId);
      return operator === undefined
        ? undefined
        : operatorText(operator, profile, processStart(world));
    },
    record: (regionId) => {
      const operator = operators.record(regionId);
      return operator === undefined
        ? undefined
        : statusText(operator, profile, processStart(world));
    },
    leaderMember: () => world.leadership.leader?.name,
    scheduleConfig: () => scheduleJson(world, true),
    prepared: () => world.leadership.isPrepared(),
  };
}

function viewStore(world: World, store: Store): StoreView {
  const counts = shownCounts(store);
  return {
    id: store.id,
    address: store.address,
    statusAddress: store.statusAddress,
    state: stateName(world, store),
    leaderCount: counts.leaders,
    regionCount: counts.regions,
    trueLeaderCount: store.leading.size,
    busy: store.busy,
    silent: store.silence !== undefined,
    labels: store.labels,
  };
}

function viewRegion(region: Region): RegionView {
  return {
    id: region.id,
    startKey: region.startKey,
    endKey: region.endKey,
    leaderStoreId: region.leader?.storeId,
    peers: region.peers.map((peer) => ({ ...peer })),
    pendingStoreIds: [...region.pending],
    downStoreIds: [...region.down.keys()],
    confVer: region.confVer,
    version: region.version,
    sizeMiB: region.sizeMiB,
    reported: region.reported,
  };
}
