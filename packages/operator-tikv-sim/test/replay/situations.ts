import { hotSituations } from './situations-hot.ts';
import { leaderSituations } from './situations-leaders.ts';
import { memberSituations } from './situations-members.ts';
import { operatorSituations } from './situations-operators.ts';
import { schedulerSituations } from './situations-schedulers.ts';
import type { Situation } from './situation.ts';
import { timelineSituations } from './situations-timeline.ts';
import { storeSituations } from './situations-stores.ts';

const SERVICE_MIDDLEWARE = 'out of scope: PD’s own rate limiter (a 429 can be ordered as a fault)';
const REGION_JOBS = 'out of scope: scatter, split and acceleration through /regions';

const configSituations: readonly Situation[] = [
  {
    file: 'v8.5.7/config.json',
    options: { version: '8.5', keyspaceSplit: true, schedulersPaused: true },
    notReplayed: {
      'service-middleware': SERVICE_MIDDLEWARE,
      'rate limit set': SERVICE_MIDDLEWARE,
      'rate limited 3': SERVICE_MIDDLEWARE,
      'rate limit off': SERVICE_MIDDLEWARE,
      'rate limit bad': SERVICE_MIDDLEWARE,
    },
  },
  {
    file: 'v6.5.12/config.json',
    options: { version: '6.5', schedulersPaused: true },
    notReplayed: {
      'service-middleware': SERVICE_MIDDLEWARE,
      'rate limit set': SERVICE_MIDDLEWARE,
      'rate limit off': SERVICE_MIDDLEWARE,
    },
  },
];

const regionJobs = Object.fromEntries(
  [
    'scatter by ids',
    'scatter range',
    'scatter unknown id',
    'scatter two unknown ids',
    'scatter wrong name',
    'scatter string ids',
    'split empty',
    'split not array',
    'split numbers',
    'split existing key',
    'accelerate',
    'accelerate missing',
  ].map((name) => [name, REGION_JOBS] as const),
);

const regionSituations: readonly Situation[] = [
  {
    file: 'v8.5.7/regions.json',
    options: { version: '8.5', keyspaceSplit: true, schedulersPaused: true },
    prelude: (stage) => stage.alias('413', stage.sim.model.regions()[0]?.id ?? 0),
    notReplayed: {
      ...regionJobs,
      'stats use_hot': 'out of scope: the load of stores in /stats/region',
    },
  },
  {
    file: 'v6.5.12/regions.json',
    options: { version: '6.5', schedulersPaused: true },
    notReplayed: regionJobs,
  },
];

export const SITUATIONS: readonly Situation[] = [
  ...configSituations,
  ...regionSituations,
  ...storeSituations,
  ...schedulerSituations,
  ...memberSituations,
  ...operatorSituations,
  ...hotSituations,
  ...timelineSituations,
  ...leaderSituations,
];
