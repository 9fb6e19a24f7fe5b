import { clusterMetrics } from './cluster-metrics.ts';
import { config } from './config.ts';
import { hotReadRegions, hotWriteRegions } from './hot-regions.ts';
import { members } from './members.ts';
import { operators } from './operators.ts';
import { region } from './region.ts';
import { regions } from './regions.ts';
import { schedulers } from './schedulers.ts';
import { storeMetrics } from './store-metrics.ts';
import { store } from './store.ts';
import { stores } from './stores.ts';

/** Every observation of this plugin, in the order in which they are listed. */
export const observations = [
  stores,
  store,
  region,
  regions,
  hotWriteRegions,
  hotReadRegions,
  storeMetrics,
  clusterMetrics,
  operators,
  schedulers,
  members,
  config,
] as const;
