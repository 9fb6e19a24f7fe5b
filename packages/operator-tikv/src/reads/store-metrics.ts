import { isUnknown } from 'operator-core';
import type { CallOptions, OrUnknown } from 'operator-core';
import type { StoreMetrics } from '../model/metrics.ts';
import type { PDClient, PDHotStore } from '../pd/index.ts';
import { readStoreSeries } from '../prometheus/store-series.ts';
import type { PrometheusClient } from '../prometheus/prometheus-client.ts';
import { known, orUnknown } from './or-unknown.ts';
import { toStoreBasics } from './store-basics.ts';
import { readStoreTable } from './store-table.ts';
import type { StoreTable } from './store-table.ts';

/** Sources of the numbers. */
export interface MetricsSources {
  readonly pd: PDClient;
  readonly prometheus: PrometheusClient | null;
}

/** Each store in numbers, with the table they were made of. */
export interface MeasuredStores {
  readonly table: StoreTable;
  readonly metrics: readonly StoreMetrics[];
}

/** Reads PD's numbers and Prometheus' together: as many requests for one store as for a thousand. */
export async function measureStores(
  { pd, prometheus }: MetricsSources,
  options: CallOptions,
): Promise<MeasuredStores> {
  const [table, flows, series] = await Promise.all([
    readStoreTable(pd, options),
    orUnknown(pd.getHotStores(options), options),
    readStoreSeries(prometheus, options),
  ]);
  const metrics = table.stores.map((store) => {
    const basics = toStoreBasics(store, table);
    return { ...basics, ...flowsOf(store.id, flows), ...series.of(basics) };
  });
  return { table, metrics };
}

function flowsOf(
  storeId: number,
  flows: OrUnknown<readonly PDHotStore[]>,
): Pick<StoreMetrics, 'writeBytesPerSecond' | 'readBytesPerSecond'> {
  if (isUnknown(flows)) return { writeBytesPerSecond: flows, readBytesPerSecond: flows };
  const flow = flows.find((candidate) => candidate.storeId === storeId);
  const reason = 'the store has not reported its flow to the PD leader';
  return {
    writeBytesPerSecond: known(flow?.writeBytesPerSecond, reason),
    readBytesPerSecond: known(flow?.readBytesPerSecond, reason),
  };
}
