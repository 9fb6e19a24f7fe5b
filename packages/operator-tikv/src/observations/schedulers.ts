import { defineObservation } from '../contract/define.ts';
import { noParameters } from '../contract/parameters.ts';

/** PD's schedulers. */
export const schedulers = defineObservation({
  name: 'schedulers',
  description:
    'List the schedulers of PD, which are paused and until when, and which stores evict-leader drains.',
  parameters: noParameters,
  view: {
    rows: 'schedulers',
    complete: 'complete',
    columns: [
      { key: 'name', title: 'Scheduler' },
      { key: 'paused', title: 'Paused' },
      { key: 'resumesAt', title: 'Paused until', unit: 'time' },
      { key: 'storeIds', title: 'Stores' },
    ],
  },
  read: ({ subject, signal }) => subject.getSchedulers({ signal }),
});
