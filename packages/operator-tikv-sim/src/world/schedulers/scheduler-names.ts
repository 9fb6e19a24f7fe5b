/** Every scheduler that `POST /schedulers` knows, with the short name that the configuration uses. */
export const SCHEDULER_TYPES: Readonly<Record<string, string>> = {
  'balance-leader-scheduler': 'balance-leader',
  'balance-region-scheduler': 'balance-region',
  'balance-witness-scheduler': 'balance-witness',
  'evict-leader-scheduler': 'evict-leader',
  'evict-slow-store-scheduler': 'evict-slow-store',
  'evict-slow-trend-scheduler': 'evict-slow-trend',
  'evict-stopping-store-scheduler': 'evict-stopping-store',
  'grant-leader-scheduler': 'grant-leader',
  'grant-hot-region-scheduler': 'grant-hot-region',
  'balance-hot-region-scheduler': 'hot-region',
  'random-merge-scheduler': 'random-merge',
  'scatter-range': 'scatter-range',
  'shuffle-hot-region-scheduler': 'shuffle-hot-region',
  'shuffle-leader-scheduler': 'shuffle-leader',
  'shuffle-region-scheduler': 'shuffle-region',
  'split-bucket-scheduler': 'split-bucket',
  'transfer-witness-leader-scheduler': 'transfer-witness-leader',
  'label-scheduler': 'label',
};

/** The type of a running scheduler, as the configuration calls it. */
export function schedulerType(name: string): string {
  return name.startsWith('scatter-range-') ? 'scatter-range' : (SCHEDULER_TYPES[name] ?? name);
}

export const EVICT_LEADER = 'evict-leader-scheduler';
export const GRANT_LEADER = 'grant-leader-scheduler';
export const BALANCE_LEADER = 'balance-leader-scheduler';

/** The two schedulers that keep a list of stores. */
export type StoreListScheduler = typeof EVICT_LEADER | typeof GRANT_LEADER;

export function isStoreListScheduler(name: string): name is StoreListScheduler {
  return name === EVICT_LEADER || name === GRANT_LEADER;
}
