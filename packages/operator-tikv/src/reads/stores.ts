import { unknownBecause } from 'operator-core';
import type { CallOptions, OrUnknown } from 'operator-core';
import { checkParameters } from '../contract/check-parameters.ts';
import type { TiKVStore } from '../model/store.ts';
import { storeParameters } from '../contract/parameters.ts';
import type { PDClient, PDStore } from '../pd/index.ts';
import { storeNotFound } from '../errors/tikv-errors.ts';
import { isDrained, readEvictions } from './evictions.ts';
import type { Evictions } from './evictions.ts';
import { whyStateUnknown } from './liveness.ts';
import { known } from './or-unknown.ts';
import { toStoreBasics } from './store-basics.ts';
import { readStoreTable } from './store-table.ts';
import type { StoreTable } from './store-table.ts';
import { toTime } from './time.ts';
import { wallNow } from '../pd/wire/wall-clock.ts';

/** Evidence about a store besides its own answer. */
interface Surroundings {
  readonly evictions: Evictions;
  readonly table: StoreTable;
  readonly now: number;
}

/** All stores but tombstones, by id. */
export async function readStores(
  pd: PDClient,
  options: CallOptions,
): Promise<readonly TiKVStore[]> {
  const [table, evictions] = await Promise.all([
    readStoreTable(pd, options),
    readEvictions(pd, options),
  ]);
  const surroundings = { evictions, table, now: wallNow() };
  return table.stores.map((store) => toStore(store, surroundings));
}

/** One store, tombstones too. */
export async function readStore(
  pd: PDClient,
  storeId: string,
  options: CallOptions,
): Promise<TiKVStore> {
  const { store_id } = await checkParameters('getStore', storeParameters, { store_id: storeId });
  const [alone, table, evictions] = await Promise.all([
    pd.getStore(Number(store_id), options),
    readStoreTable(pd, options),
    readEvictions(pd, options),
  ]);
  // The list, which leaves out tombstones, has been read again where PD had recorded half a heartbeat.
  const store = table.stores.find(({ id }) => id === Number(store_id)) ?? alone;
  if (store === null) throw storeNotFound(storeId);
  return toStore(store, { evictions, table, now: wallNow() });
}

function toStore(store: PDStore, { evictions, table, now }: Surroundings): TiKVStore {
  return {
    ...toStoreBasics(store, table),
    drained: isDrained(store.id, evictions),
    ...toHeartbeat(store, { table, now }),
    version: known(store.version || null, 'the store has not told PD its version'),
    busy: toBusy(store, table),
    labels: store.labels,
  };
}

function toBusy(store: PDStore, { stores }: StoreTable): OrUnknown<boolean> {
  const doubt = whyStateUnknown(store, stores);
  return doubt === null ? store.isBusy : unknownBecause(doubt);
}

function toHeartbeat(
  store: PDStore,
  { table, now }: Pick<Surroundings, 'table' | 'now'>,
): Pick<TiKVStore, 'lastHeartbeat' | 'heartbeatAgeMs'> {
  const { lastHeartbeatMs } = store;
  const doubt = whyStateUnknown(store, table.stores);
  if (doubt !== null) {
    const unknown = unknownBecause(`${doubt} (${toTime(lastHeartbeatMs)})`);
    return { lastHeartbeat: unknown, heartbeatAgeMs: unknown };
  }
  if (lastHeartbeatMs === null) {
    const unknown = unknownBecause('PD has never heard from it');
    return { lastHeartbeat: unknown, heartbeatAgeMs: unknown };
  }
  return { lastHeartbeat: toTime(lastHeartbeatMs), heartbeatAgeMs: toAge(lastHeartbeatMs, now) };
}

function toAge(lastHeartbeatMs: number, now: number): OrUnknown<number> {
  const ageMs = now - lastHeartbeatMs;
  return ageMs >= 0
    ? ageMs
    : unknownBecause(
        `the clocks differ: the heartbeat is ${-ageMs} ms in the future of this machine's clock`,
      );
}
