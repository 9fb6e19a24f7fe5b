import type { Diagnosis } from 'operator-core';
import type { PDStore } from '../pd/index.ts';
import type { StoreTable } from '../reads/store-table.ts';
import { failed, fine, judge, nameStores, warning } from './finding.ts';
import type { Attempt } from './finding.ts';

/** Whether PD knows enough for anything to be judged or planned. */
export function judgeReadiness(table: Attempt<StoreTable>): Diagnosis {
  return judge('readiness', table, ({ stores, unheard }) => {
    if (stores.length === 0) {
      return failed('The cluster has no stores.', 'Start TiKV.');
    }
    if (unheard === null) return fine('PD has heard from the regions.');
    return warning(
      `Not ready: ${unheard}.`,
      'Wait for a minute: until then plans are refused with CLUSTER_NOT_READY.',
    );
  });
}

/** Whether every store is heard. */
export function judgeStores(table: Attempt<StoreTable>): Diagnosis {
  return judge('stores', table, ({ stores }) => {
    const silent = stores.filter(({ state }) => state === 'Down' || state === 'Disconnected');
    if (silent.length > 0) return failed(describe(silent), 'Bring them back, or remove them.');
    const leaving = stores.filter(({ state }) => state === 'Offline');
    if (leaving.length > 0) {
      return warning(describe(leaving), 'Nothing, if it is meant: their regions are moved away.');
    }
    const busy = stores.filter(({ isBusy }) => isBusy).map(({ id }) => id);
    if (busy.length > 0) {
      return warning(`Busy: ${nameStores(busy)}.`, 'Look at the load of these stores.');
    }
    return fine(`All ${stores.length} stores are Up.`);
  });
}

function describe(stores: readonly PDStore[]): string {
  const each = stores.map(({ id, state, address }) => `store ${id} (${address}) is ${state}`);
  return `Of the stores, ${each.join('; ')}.`;
}
