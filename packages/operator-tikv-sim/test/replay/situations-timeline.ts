import type { Situation } from './situation.ts';
import type { Stage } from './stage.ts';

const before: Situation['before'] = {
  'cancelled transfer-peer: request': (stage) =>
    stage.sim.faults.silenceStore({ storeId: 4, keepLeaders: true }),
  'transfer-leader to a dead store: request': (stage) => {
    stage.sim.faults.wakeStore({ storeId: 4 });
    stage.wait(10_000);
    stage.sim.faults.silenceStore({ storeId: 5, keepLeaders: true });
  },
};

async function freezeHistory(stage: Stage): Promise<void> {
  await stage.post('/operators', { name: 'transfer-leader', region_id: 13, to_store_id: 3 });
  stage.wait(601_000);
}

export const timelineSituations: readonly Situation[] = [
  {
    file: 'v8.5.7/timeline.json',
    options: {
      version: '8.5',
      keyspaceSplit: true,
      schedulersPaused: true,
      downPeerAfterMs: Infinity,
    },
    before,
  },
  {
    file: 'v6.5.12/timeline.json',
    options: { version: '6.5', schedulersPaused: true },
  },
  {
    file: 'v8.5.7/type-x-freeze.json',
    options: { version: '8.5', keyspaceSplit: true, schedulersPaused: true },
    prelude: freezeHistory,
    before: { 'before: status': (stage) => stage.wait(200) },
  },
];
