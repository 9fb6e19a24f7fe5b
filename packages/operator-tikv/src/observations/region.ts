import { defineObservation } from '../contract/define.ts';
import { regionParameters } from '../contract/parameters.ts';

/** One region. */
export const region = defineObservation({
  name: 'region',
  description: 'Show one region, by its id or by a key in it: leader, peers and size.',
  parameters: regionParameters,
  view: {
    columns: [
      { key: 'regionId', title: 'Region' },
      { key: 'leaderStoreId', title: 'Leader store' },
      { key: 'storeIds', title: 'Stores' },
      { key: 'learnerStoreIds', title: 'Learners on' },
      { key: 'witnessStoreIds', title: 'Witnesses on' },
      { key: 'unhealthyStoreIds', title: 'Down or pending on' },
      { key: 'epoch.version', title: 'Epoch version' },
      { key: 'epoch.confVer', title: 'Epoch conf version' },
      { key: 'sizeBytes', title: 'Size', unit: 'bytes' },
      { key: 'keyCount', title: 'Keys', unit: 'count' },
      { key: 'writtenBytes', title: 'Written in the last heartbeat interval', unit: 'bytes' },
      { key: 'readBytes', title: 'Read in the last heartbeat interval', unit: 'bytes' },
      { key: 'startKey', title: 'Start key' },
      { key: 'endKey', title: 'End key' },
    ],
  },
  read({ parameters, subject, signal }) {
    const { region_id, key } = parameters;
    // The schema lets exactly one of them through.
    const selector = region_id === undefined ? { key: key ?? '' } : { regionId: region_id };
    return subject.getRegion(selector, { signal });
  },
});
