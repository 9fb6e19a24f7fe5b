import type { CallOptions } from 'operator-core';
import type { PDClient, PDStore } from '../pd/index.ts';
import { wait } from '../pd/wire/wait.ts';
import { mayHavePartialHeartbeat } from './liveness.ts';

/**
 * PD takes over the statistics of a heartbeat at once, and its time only after the store is persisted: for a
 * moment, 70 ms in a live PD, the first heartbeat that a new leader has of a store leaves it Disconnected.
 */
const PARTIAL_HEARTBEAT_MS = 1000;

/** The stores; read again after {@link PARTIAL_HEARTBEAT_MS} when PD may have recorded only a part of a heartbeat. */
export async function readStoreList(
  pd: PDClient,
  options: CallOptions,
): Promise<readonly PDStore[]> {
  const stores = await pd.getStores(options);
  if (!stores.some((store) => mayHavePartialHeartbeat(store, stores))) return stores;
  await wait(PARTIAL_HEARTBEAT_MS, options.signal === undefined ? [] : [options.signal]);
  return pd.getStores(options);
}
