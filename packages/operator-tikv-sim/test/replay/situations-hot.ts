import type { Situation } from './situation.ts';
import type { Stage } from './stage.ts';

/** Five regions with the same leader are written, as in the recorded case. */
function heatLeadersOf(storeId: number): (stage: Stage) => void {
  return (stage) => {
    const led = stage.sim.model
      .regions()
      .filter((region) => region.leaderStoreId === storeId && region.startKey !== '');
    for (const region of led.slice(0, 5)) {
      stage.sim.faults.heatRegion({
        regionId: region.id,
        writtenBytes: 2_097_152,
        writtenKeys: 16_384,
      });
    }
  };
}

const STORE_LOADS = 'out of scope: the load of stores in /stats/region';

export const hotSituations: readonly Situation[] = [
  {
    file: 'v8.5.7/hot.json',
    options: { version: '8.5', regions: 60, keyspaceSplit: true },
    prelude: heatLeadersOf(1),
    notReplayed: { stats: STORE_LOADS },
  },
  {
    file: 'v6.5.12/hot.json',
    options: { version: '6.5', regions: 60 },
    prelude: heatLeadersOf(4),
    notReplayed: { stats: STORE_LOADS },
  },
];
