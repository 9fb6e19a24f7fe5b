import type { Diagnosis } from 'operator-core';
import type { PDStore } from '../pd/index.ts';
import { findUnheard, whyStateUnknown } from '../reads/liveness.ts';
import type { StoreTable } from '../reads/store-table.ts';
import { failed, fine, judge, nameStores, warning } from './finding.ts';
import type { Attempt, Finding } from './finding.ts';

/** Readiness of the PD leader: without it nothing can be judged or planned. */
export function judgeReadiness(table: Attempt<StoreTable>): Diagnosis {
  return judge('readiness', table, ({ stores, unheard }) => {
    if (stores.length === 0) {
      return failed('The cluster has no stores.', 'Start TiKV.');
    }
    const silent = findUnheard(stores).map(({ id }) => id);
    if (silent.length > 0) {
      return warning(
        `Not ready: the PD leader has not heard from ${nameStores(silent)} since it took over.`,
        'Wait for 10 s: plans that need these stores are refused with CLUSTER_NOT_READY. A store that stays silent is not running, or does not reach the PD leader.',
      );
    }
    if (unheard === null) return fine('PD has heard from the stores and the regions.');
    return warning(
      `Not ready: ${unheard}.`,
      'Wait for a minute: until then plans are refused with CLUSTER_NOT_READY.',
    );
  });
}

/** The state of the stores, as far as the PD leader itself has heard of them. */
export function judgeStores(table: Attempt<StoreTable>): Diagnosis {
  return judge('stores', table, ({ stores }) => {
    const known = stores.filter((store) => whyStateUnknown(store, stores) === null);
    const silent = known.filter(({ state }) => state === 'Down' || state === 'Disconnected');
    if (silent.length > 0) return failed(describe(silent), BRING_BACK);
    if (known.length < stores.length) return toUnheard(findUnheard(stores));
    const leaving = stores.filter(({ state }) => state === 'Offline');
    if (leaving.length > 0) {
      return warning(
        describe(leaving),
        'Nothing, if it is intended: their regions are moved away.',
      );
    }
    const busy = stores.filter(({ isBusy }) => isBusy).map(({ id }) => id);
    if (busy.length > 0) {
      return warning(`Busy: ${nameStores(busy)}.`, 'Look at the load of these stores.');
    }
    return fine(`All ${stores.length} stores are Up.`);
  });
}

const BRING_BACK =
  'Check that their processes run and that they reach PD. When one stays Down, PD makes new replicas on other stores by itself.';

function toUnheard(stores: readonly PDStore[]): Finding {
  return {
    state: 'unknown',
    message: `The PD leader has not heard from ${nameStores(stores.map(({ id }) => id))} since it took over: it is unknown if they run.`,
    remedy: 'Look again in 10 s: every store sends a heartbeat in that time.',
  };
}

function describe(stores: readonly PDStore[]): string {
  const each = stores.map(({ id, state, address }) => `store ${id} (${address}) is ${state}`);
  return `Of the stores, ${each.join('; ')}.`;
}
