import { defineObservation } from '../contract/define.ts';
import { noParameters } from '../contract/parameters.ts';

/** PD's members. */
export const members = defineObservation({
  name: 'members',
  description: 'List the members of PD: leader, health and versions.',
  parameters: noParameters,
  view: {
    rows: 'members',
    columns: [
      { key: 'name', title: 'Member' },
      { key: 'isLeader', title: 'Leader' },
      { key: 'healthy', title: 'Healthy' },
      { key: 'version', title: 'Version' },
      { key: 'clientUrls', title: 'URLs' },
    ],
  },
  async read({ subject, signal }) {
    return { members: await subject.getMembers({ signal }) };
  },
});
