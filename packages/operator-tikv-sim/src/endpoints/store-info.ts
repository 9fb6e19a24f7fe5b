import { heartbeatOf } from '../world/cluster/heartbeat.ts';
import { type Store, type StoreCounts, NODE_STATES } from '../world/cluster/store.ts';
import { usedBytes } from '../world/space.ts';
import { stateName } from '../world/store-health.ts';
import type { World } from '../world/world.ts';
import { goDuration, rfc3339 } from '../text/go-time.ts';
import { goSize } from '../text/go-size.ts';
import type { JsonObject, JsonValue } from '../text/json-value.ts';

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;

/** The counts that PD shows: they stand still while its index is frozen. */
export function shownCounts(store: Store): StoreCounts {
  return store.frozenCounts ?? store.counts;
}

/** One store as `GET /store/{id}` shows it. */
export function storeInfo(world: World, store: Store): JsonObject {
  return { store: storeMeta(world, store), status: storeStatus(world, store) };
}

function storeMeta(world: World, store: Store): JsonObject {
  const beat = heartbeatNanoseconds(world, store);
  return {
    id: store.id,
    address: store.address,
    state: store.state === 'Up' ? undefined : store.state === 'Offline' ? 1 : 2,
    labels:
      store.labels.length === 0
        ? undefined
        : store.labels.map((label) => ({ key: label.key, value: label.value })),
    version: world.profile.release,
    status_address: store.statusAddress,
    start_timestamp: Math.floor(store.startedAt / 1000),
    last_heartbeat: beat,
    physically_destroyed: store.physicallyDestroyed || undefined,
    node_state: NODE_STATES.indexOf(store.nodeState) || undefined,
    state_name: stateName(world, store),
  };
}

function heartbeatNanoseconds(world: World, store: Store): bigint | undefined {
  const { last } = heartbeatOf(store, world.clock.now(), world.leadership.term.since);
  return last === undefined
    ? undefined
    : BigInt(Math.floor(last)) * 1_000_000n + BigInt((store.id * 104_729) % 900_000);
}

function storeStatus(world: World, store: Store): JsonObject {
  const { heard } = heartbeatOf(store, world.clock.now(), world.leadership.term.since);
  const beat = heartbeatNanoseconds(world, store);
  const started = BigInt(Math.floor(store.startedAt / 1000)) * 1_000_000_000n;
  const used = heard ? usedBytes(store) : 0;
  const capacity = heard ? store.capacityBytes : 0;
  const counts = shownCounts(store);
  return {
    capacity: goSize(capacity),
    available: goSize(Math.max(0, capacity - used)),
    used_size: goSize(heard ? store.dataMiB * MIB : 0),
    leader_count: counts.leaders,
    leader_weight: store.leaderWeight,
    leader_score: counts.leaders / Math.max(store.leaderWeight, 1e-6),
    leader_size: counts.leaderSize,
    region_count: counts.regions,
    region_weight: store.regionWeight,
    region_score: regionScore(counts.regionSize, { capacity, used, weight: store.regionWeight }),
    region_size: counts.regionSize,
    learner_count: counts.learners || undefined,
    pending_peer_count: world.profile.isModern ? counts.pending || undefined : undefined,
    is_busy: (heard && store.busy) || undefined,
    start_ts: rfc3339(started),
    last_heartbeat_ts: rfc3339(beat ?? 0n),
    uptime: beat === undefined || beat <= started ? undefined : goDuration(beat - started),
  };
}

/** PD's second formula for the score of a store's regions. */
function regionScore(
  sizeMiB: number,
  disk: { readonly capacity: number; readonly used: number; readonly weight: number },
): number {
  const capacity = disk.capacity / GIB;
  const available = (disk.capacity - disk.used) / GIB;
  const reserve = Math.max(50, capacity * 0.2);
  const weight = Math.max(disk.weight, 1e-6);
  if (available >= capacity || capacity < 1) return sizeMiB / weight;
  if (available <= reserve) {
    const shortage = (1e7 * (reserve - Math.max(available, 0))) / reserve;
    return ((1 + (256 * Math.log(capacity)) / capacity) * sizeMiB + shortage) / weight;
  }
  const influence =
    (256 * (Math.log(capacity) - Math.log(available - reserve + 1))) /
    (capacity - available + reserve - 1);
  return ((1 + influence) * sizeMiB) / weight;
}

/** A list of stores; PD's order is random. */
export function storesInfo(world: World, stores: readonly Store[]): JsonValue {
  return { count: stores.length, stores: stores.map((store) => storeInfo(world, store)) };
}
