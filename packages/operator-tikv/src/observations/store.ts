import { defineObservation } from '../contract/define.ts';
import { storeParameters } from '../contract/parameters.ts';

/** One store. */
export const store = defineObservation({
  name: 'store',
  description: 'Show one store, also one that has been removed.',
  parameters: storeParameters,
  view: {
    columns: [
      { key: 'storeId', title: 'Store' },
      { key: 'address', title: 'Address' },
      { key: 'statusAddress', title: 'Status address' },
      { key: 'engine', title: 'Engine' },
      { key: 'version', title: 'Version' },
      { key: 'state', title: 'State' },
      { key: 'drained', title: 'Drained' },
      { key: 'busy', title: 'Busy' },
      { key: 'leaderCount', title: 'Leaders', unit: 'count' },
      { key: 'regionCount', title: 'Regions', unit: 'count' },
      { key: 'capacityBytes', title: 'Capacity', unit: 'bytes' },
      { key: 'availableBytes', title: 'Free', unit: 'bytes' },
      { key: 'usedBytes', title: 'Used', unit: 'bytes' },
      { key: 'lastHeartbeat', title: 'Last heartbeat', unit: 'time' },
      { key: 'heartbeatAgeMs', title: 'Heartbeat age', unit: 'milliseconds' },
      { key: 'labels', title: 'Labels' },
    ],
  },
  read: ({ parameters, subject, signal }) => subject.getStore(parameters.store_id, { signal }),
});
