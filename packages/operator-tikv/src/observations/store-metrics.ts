import { defineObservation } from '../contract/define.ts';
import { noParameters } from '../contract/parameters.ts';

/** Each store in numbers. */
export const storeMetrics = defineObservation({
  name: 'store_metrics',
  description:
    'Show each store in numbers: space and flow from PD; request rate, latency and CPU from Prometheus.',
  parameters: noParameters,
  view: {
    rows: 'stores',
    columns: [
      { key: 'storeId', title: 'Store' },
      { key: 'engine', title: 'Engine' },
      { key: 'state', title: 'State' },
      { key: 'leaderCount', title: 'Leaders', unit: 'count' },
      { key: 'regionCount', title: 'Regions', unit: 'count' },
      { key: 'usedBytes', title: 'Used', unit: 'bytes' },
      { key: 'writeBytesPerSecond', title: 'Write', unit: 'bytes_per_second' },
      { key: 'readBytesPerSecond', title: 'Read', unit: 'bytes_per_second' },
      { key: 'requestsPerSecond', title: 'Requests', unit: 'per_second' },
      { key: 'latencyP99Ms', title: 'p99', unit: 'milliseconds' },
      { key: 'cpuCores', title: 'CPU cores', unit: 'count' },
    ],
  },
  async read({ subject, signal }) {
    return { stores: await subject.getStoreMetrics({ signal }) };
  },
});
