import { defineObservation } from '../contract/define.ts';
import { noParameters } from '../contract/parameters.ts';

/** All stores. */
export const stores = defineObservation({
  name: 'stores',
  description: 'List the stores: state, drains, leaders, regions and space.',
  parameters: noParameters,
  view: {
    rows: 'stores',
    columns: [
      { key: 'storeId', title: 'Store' },
      { key: 'address', title: 'Address' },
      { key: 'engine', title: 'Engine' },
      { key: 'state', title: 'State' },
      { key: 'drained', title: 'Drained' },
      { key: 'leaderCount', title: 'Leaders', unit: 'count' },
      { key: 'regionCount', title: 'Regions', unit: 'count' },
      { key: 'availableBytes', title: 'Free', unit: 'bytes' },
      { key: 'capacityBytes', title: 'Capacity', unit: 'bytes' },
      { key: 'heartbeatAgeMs', title: 'Heartbeat', unit: 'milliseconds' },
      { key: 'version', title: 'Version' },
    ],
  },
  async read({ subject, signal }) {
    return { stores: await subject.getStores({ signal }) };
  },
});
