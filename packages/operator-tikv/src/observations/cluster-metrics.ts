import { defineObservation } from '../contract/define.ts';
import { noParameters } from '../contract/parameters.ts';

/** The cluster in numbers. */
export const clusterMetrics = defineObservation({
  name: 'cluster_metrics',
  description:
    'Show the whole cluster in numbers; its cost grows with stores and never with regions.',
  parameters: noParameters,
  view: {
    columns: [
      { key: 'clusterId', title: 'Cluster' },
      { key: 'version', title: 'PD version' },
      { key: 'storeCount', title: 'TiKV stores', unit: 'count' },
      { key: 'upStoreCount', title: 'TiKV stores Up', unit: 'count' },
      { key: 'tiflashStoreCount', title: 'TiFlash stores', unit: 'count' },
      { key: 'drainedStoreCount', title: 'Stores drained', unit: 'count' },
      { key: 'regionCount', title: 'Regions', unit: 'count' },
      { key: 'leaderCount', title: 'Leaders', unit: 'count' },
      { key: 'usedBytes', title: 'Used', unit: 'bytes' },
      { key: 'availableBytes', title: 'Free', unit: 'bytes' },
      { key: 'capacityBytes', title: 'Capacity', unit: 'bytes' },
      { key: 'writeBytesPerSecond', title: 'Write', unit: 'bytes_per_second' },
      { key: 'readBytesPerSecond', title: 'Read', unit: 'bytes_per_second' },
      { key: 'requestsPerSecond', title: 'Requests', unit: 'per_second' },
      { key: 'latencyP99Ms', title: 'p99 of the slowest store', unit: 'milliseconds' },
      { key: 'cpuCores', title: 'CPU cores used', unit: 'count' },
    ],
  },
  read: ({ subject, signal }) => subject.getClusterMetrics({ signal }),
});
