import { unknownBecause } from 'operator-core';
import type { OrUnknown } from 'operator-core';
import type { StoreBasics } from '../model/store.ts';
import type { PDStore } from '../pd/index.ts';
import { whyStateUnknown } from './liveness.ts';
import { known } from './or-unknown.ts';
import type { StoreTable } from './store-table.ts';

/** PD's knowledge of one store of a table. */
export function toStoreBasics(store: PDStore, table: StoreTable): StoreBasics {
  const { unheard } = table;
  const doubt = whyStateUnknown(store, table.stores);
  return {
    storeId: String(store.id),
    address: store.address,
    statusAddress: known(
      store.statusAddress || null,
      'the store has not told PD its status address',
    ),
    engine: store.isTiFlash ? 'tiflash' : 'tikv',
    state: doubt === null ? store.state : unknownBecause(doubt),
    leaderCount: unheard === null ? store.leaderCount : unknownBecause(unheard),
    regionCount: store.regionCount,
    ...toSizes(store),
  };
}

function toSizes(
  store: PDStore,
): Pick<StoreBasics, 'capacityBytes' | 'availableBytes' | 'usedBytes'> {
  const reported = store.isHeard || store.state === 'Tombstone';
  const size = (bytes: number | null): OrUnknown<number> =>
    reported
      ? known(bytes, 'PD did not give it in a form that can be read')
      : unknownBecause('the store has not reported its size to the PD leader yet');
  return {
    capacityBytes: size(store.capacityBytes),
    availableBytes: size(store.availableBytes),
    usedBytes: size(store.usedBytes),
  };
}
