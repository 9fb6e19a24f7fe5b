import type { Situation } from './situation.ts';
import type { Stage } from './stage.ts';

/** Five regions are written, as in the recorded case. */
function heat(stage: Stage): void {
  for (const region of stage.sim.model.regions().slice(4, 9)) {
    stage.sim.faults.heatRegion({
      regionId: region.id,
      writtenBytes: 2_097_152,
      writtenKeys: 16_384,
    });
  }
}

/** Which stores lead and which follow the five regions differs. */
const partly = ['write', 'write one store', 'write two stores'];
const STORE_LOADS = 'out of scope: the load of stores in /stats/region';

export const hotSituations: readonly Situation[] = [
  {
    file: 'v8.5.7/hot.json',
    options: { version: '8.5', regions: 60, keyspaceSplit: true },
    prelude: heat,
    partly,
    notReplayed: { stats: STORE_LOADS },
  },
  {
    file: 'v6.5.12/hot.json',
    options: { version: '6.5', regions: 60 },
    prelude: heat,
    partly,
    notReplayed: { stats: STORE_LOADS },
  },
];
