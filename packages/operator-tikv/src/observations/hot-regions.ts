import type { View } from 'operator-core';
import { defineObservation } from '../contract/define.ts';
import { noParameters } from '../contract/parameters.ts';

const view: View = {
  rows: 'regions',
  complete: 'complete',
  columns: [
    { key: 'regionId', title: 'Region' },
    { key: 'leaderStoreId', title: 'Leader store' },
    { key: 'bytesPerSecond', title: 'Flow', unit: 'bytes_per_second' },
    { key: 'keysPerSecond', title: 'Keys', unit: 'per_second' },
    { key: 'queriesPerSecond', title: 'Queries', unit: 'per_second' },
    { key: 'hotDegree', title: 'Hot for (heartbeats)', unit: 'count' },
  ],
  below: [
    {
      title: 'Load of the stores, hot or not',
      rows: 'stores',
      columns: [
        { key: 'storeId', title: 'Store' },
        { key: 'bytesPerSecond', title: 'Flow', unit: 'bytes_per_second' },
        { key: 'keysPerSecond', title: 'Keys', unit: 'per_second' },
        { key: 'queriesPerSecond', title: 'Queries', unit: 'per_second' },
        { key: 'hotRegionCount', title: 'Hot regions led', unit: 'count' },
      ],
    },
  ],
};

/** Regions hot by writes. */
export const hotWriteRegions = defineObservation({
  name: 'hot_write_regions',
  description:
    'List the regions that PD calls hot by writes (for three heartbeats, minutes), and the write load of each store: of all its replicas, hot or not.',
  parameters: noParameters,
  view,
  read: ({ subject, signal }) => subject.getHotWriteRegions({ signal }),
});

/** Regions hot by reads. */
export const hotReadRegions = defineObservation({
  name: 'hot_read_regions',
  description:
    'List the regions that PD calls hot by reads (for three heartbeats, minutes), and the read load of each store.',
  parameters: noParameters,
  view,
  read: ({ subject, signal }) => subject.getHotReadRegions({ signal }),
});
