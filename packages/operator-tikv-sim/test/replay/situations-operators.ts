import type { Situation } from './situation.ts';

export const operatorSituations: readonly Situation[] = [
  {
    file: 'v8.5.7/operators.json',
    options: { version: '8.5', keyspaceSplit: true, schedulersPaused: true },
  },
  { file: 'v6.5.12/operators.json', options: { version: '6.5', schedulersPaused: true } },
];
