import type { CallOptions } from 'operator-core';
import { checkParameters } from '../check-parameters.ts';
import type { TiKVStore } from '../model/store.ts';
import { storeParameters } from '../parameters.ts';
import type { PDClient, PDStore } from '../pd/index.ts';
import { storeNotFound } from '../tikv-errors.ts';
import { isDrained, readEvictions } from './evictions.ts';
import type { Evictions } from './evictions.ts';
import { known } from './or-unknown.ts';
import { toStoreBasics } from './store-basics.ts';
import { readStoreTable } from './store-table.ts';
import { toTime } from './time.ts';
import { wallNow } from '../wall-clock.ts';

/** What a store is judged by besides its own answer. */
interface Surroundings {
  readonly evictions: Evictions;
  readonly unheard: string | null;
  readonly now: number;
}

/** All stores but tombstones, by id. */
export async function readStores(
  pd: PDClient,
  options: CallOptions,
): Promise<readonly TiKVStore[]> {
  const [{ stores, unheard }, evictions] = await Promise.all([
    readStoreTable(pd, options),
    readEvictions(pd, options),
  ]);
  const surroundings = { evictions, unheard, now: wallNow() };
  return stores.map((store) => toStore(store, surroundings));
}

/** One store, tombstones too. */
export async function readStore(
  pd: PDClient,
  storeId: string,
  options: CallOptions,
): Promise<TiKVStore> {
  const { store_id } = await checkParameters('getStore', storeParameters, { store_id: storeId });
  const [store, { unheard }, evictions] = await Promise.all([
    pd.getStore(Number(store_id), options),
    readStoreTable(pd, options),
    readEvictions(pd, options),
  ]);
  if (store === null) throw storeNotFound(storeId);
  return toStore(store, { evictions, unheard, now: wallNow() });
}

function toStore(store: PDStore, { evictions, unheard, now }: Surroundings): TiKVStore {
  const silent = 'PD has never heard from it';
  const { lastHeartbeatMs } = store;
  const age = lastHeartbeatMs === null ? null : Math.max(0, now - lastHeartbeatMs);
  return {
    ...toStoreBasics(store, unheard),
    drained: isDrained(store.id, evictions),
    lastHeartbeat: known(toTime(lastHeartbeatMs), silent),
    heartbeatAgeMs: known(age, silent),
    version: known(store.version || null, 'the store has not told PD its version'),
    busy: store.isBusy,
    labels: store.labels,
  };
}
