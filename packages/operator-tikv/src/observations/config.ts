import { defineObservation } from '../contract/define.ts';
import { noParameters } from '../contract/parameters.ts';

/** PD's settings. */
export const config = defineObservation({
  name: 'config',
  description: 'List the settings of PD for scheduling and replication, by their names in PD.',
  parameters: noParameters,
  view: {
    rows: 'items',
    columns: [
      { key: 'name', title: 'Setting' },
      { key: 'value', title: 'Value' },
    ],
  },
  async read({ subject, signal }) {
    return { items: await subject.getConfig({ signal }) };
  },
});
