import { unknownBecause } from 'operator-core';
import { defineObservation } from '../contract/define.ts';
import { regionsParameters } from '../contract/parameters.ts';

const MORE = 'it is one page; nextKey is where the next one starts';

/** A page of regions. */
export const regions = defineObservation({
  name: 'regions',
  description: 'List regions in key order, a page at a time; the next page starts at `nextKey`.',
  parameters: regionsParameters,
  view: {
    rows: 'regions',
    complete: 'complete',
    columns: [
      { key: 'regionId', title: 'Region' },
      { key: 'leaderStoreId', title: 'Leader store' },
      { key: 'storeIds', title: 'Stores' },
      { key: 'unhealthyStoreIds', title: 'Down or pending' },
      { key: 'sizeBytes', title: 'Size', unit: 'bytes' },
      { key: 'keyCount', title: 'Keys', unit: 'count' },
      { key: 'startKey', title: 'Start key' },
    ],
  },
  async read({ parameters, subject, signal }) {
    const { store_id, start_key, end_key, limit } = parameters;
    const query = { startKey: start_key, endKey: end_key, limit };
    const of = store_id === undefined ? query : { ...query, storeId: store_id };
    const page = await subject.getRegions(of, { signal });
    return { ...page, complete: page.truncated ? unknownBecause(MORE) : true };
  },
});
