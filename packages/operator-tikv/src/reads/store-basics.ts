import { unknownBecause } from 'operator-core';
import type { OrUnknown } from 'operator-core';
import type { StoreBasics } from '../model/store.ts';
import type { PDStore } from '../pd/index.ts';
import { known } from './or-unknown.ts';

/** What PD knows of a store. `unheard`: why its count of leaders means nothing, or `null`. */
export function toStoreBasics(store: PDStore, unheard: string | null): StoreBasics {
  return {
    storeId: String(store.id),
    address: store.address,
    statusAddress: known(
      store.statusAddress || null,
      'the store has not told PD its status address',
    ),
    engine: store.isTiFlash ? 'tiflash' : 'tikv',
    state: store.state,
    leaderCount: unheard === null ? store.leaderCount : unknownBecause(unheard),
    regionCount: store.regionCount,
    ...toSizes(store),
  };
}

function toSizes(
  store: PDStore,
): Pick<StoreBasics, 'capacityBytes' | 'availableBytes' | 'usedBytes'> {
  // No disk holds nothing: a capacity of 0 is what PD shows until the first heartbeat of the store.
  const reported = store.capacityBytes !== 0 || store.state === 'Tombstone';
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
