import type { Situation } from './situation.ts';

const REGION_JOBS = 'out of scope: scatter and split through /regions';
const notReplayed = {
  'unbootstrapped: POST /regions/split': REGION_JOBS,
  'unbootstrapped: POST /regions/scatter': REGION_JOBS,
  'unbootstrapped: GET /trend': 'out of scope: the dashboard’s /trend',
};

/** The recording begins with a PD before TiKV has started: those exchanges are asked of a simulator of their own. */
export const memberSituations: readonly Situation[] = [
  {
    file: 'v8.5.7/members.json',
    options: { version: '8.5', bootstrapped: false },
    only: /^unbootstrapped/,
    notReplayed,
  },
  {
    file: 'v8.5.7/members.json',
    options: { version: '8.5', keyspaceSplit: true, schedulersPaused: true },
    only: /^(?!unbootstrapped)/,
  },
  {
    file: 'v6.5.12/members.json',
    options: { version: '6.5', bootstrapped: false },
    only: /^unbootstrapped/,
    notReplayed,
  },
  {
    file: 'v6.5.12/members.json',
    options: { version: '6.5', schedulersPaused: true },
    only: /^(?!unbootstrapped)/,
  },
];
