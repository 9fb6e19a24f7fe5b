import type { Situation } from './situation.ts';
import type { Stage } from './stage.ts';

async function evictAllButTheLast(stage: Stage): Promise<void> {
  for (const storeId of [1, 2, 3, 4])
    await stage.post('/schedulers', { name: 'evict-leader-scheduler', store_id: storeId });
}

const before: Situation['before'] = {
  'delete store when all others are evicting': evictAllButTheLast,
  'balance-leader config': async (stage) =>
    await stage.delete('/schedulers/evict-leader-scheduler'),
};

export const schedulerSituations: readonly Situation[] = [
  {
    file: 'v8.5.7/schedulers.json',
    options: { version: '8.5', keyspaceSplit: true, schedulersPaused: true },
    before,
  },
  { file: 'v6.5.12/schedulers.json', options: { version: '6.5', schedulersPaused: true }, before },
];
