import { defineObservation } from '../contract/define.ts';
import { noParameters } from '../contract/parameters.ts';

/** The operators that PD is carrying out. */
export const operators = defineObservation({
  name: 'operators',
  description: 'List the operators that PD is carrying out now, by region.',
  parameters: noParameters,
  view: {
    rows: 'operators',
    complete: 'complete',
    columns: [
      { key: 'regionId', title: 'Region' },
      { key: 'name', title: 'Operator' },
      { key: 'brief', title: 'What' },
      { key: 'currentStep', title: 'Steps done', unit: 'count' },
      { key: 'steps', title: 'Steps' },
      { key: 'createdAt', title: 'Since', unit: 'time' },
    ],
  },
  read: ({ subject, signal }) => subject.getOperators({ signal }),
});
