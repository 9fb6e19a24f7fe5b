import type { Situation } from './situation.ts';
import type { Stage } from './stage.ts';

/** What happened between the recorded calls on stores, the same with both releases. */
function storeHistory(newStore: string, destroyedStore: string): Situation['before'] {
  return {
    'limits under v2': async (stage) =>
      await stage.post('/config', { 'schedule.store-limit-version': 'v2' }),
    'progress none': async (stage) => await backToFirstLimits(stage),
    'progress ?id=1': async (stage) => await backToFirstLimits(stage),
    disconnected: (stage) => {
      stage.sim.faults.silenceStore({ storeId: 5 });
      stage.wait(21_000);
    },
    down: async (stage) => {
      stage.wait(9_000);
      await stage.post('/config', { 'max-store-down-time': '25s' });
    },
    back: (stage) => {
      stage.sim.faults.wakeStore({ storeId: 5 });
      stage.wait(100);
    },
    'new store': (stage) =>
      stage.alias(newStore, stage.sim.faults.addStore({ firstHeartbeatAfterMs: 10_000 })),
    'new store after heartbeat': (stage) => stage.wait(10_100),
    tombstone: (stage) => stage.wait(11_000),
    'delete forced': (stage) =>
      stage.alias(destroyedStore, stage.sim.faults.addStore({ firstHeartbeatAfterMs: 3_600_000 })),
  };
}

async function backToFirstLimits(stage: Stage): Promise<void> {
  await stage.post('/config', { 'schedule.store-limit-version': 'v1' });
}

/** The stores are those of the whole session: its checkers stand still, so that only the calls change anything. */
function quiet(stage: Stage): void {
  stage.sim.faults.pauseCheckers();
}

export const storeSituations: readonly Situation[] = [
  {
    file: 'v8.5.7/stores.json',
    options: { version: '8.5', keyspaceSplit: true, schedulersPaused: true },
    prelude: quiet,
    before: storeHistory('142043', '142044') ?? {},
  },
  {
    file: 'v6.5.12/stores.json',
    options: { version: '6.5', schedulersPaused: true },
    prelude: quiet,
    before: storeHistory('125961', '125962') ?? {},
  },
];
