import type { Region } from '../model/region.ts';
import { mayLead } from '../model/store-health.ts';
import type { World } from '../model/world.ts';
import type { BuildContext } from './build-steps.ts';

/** What building steps for a region needs to know, from the whole model. */
export function toBuildContext(world: World, region: Region): BuildContext {
  return {
    region,
    mayLead: (storeId) => mayLead(world, storeId),
    allocateId: () => world.topology.allocateId(),
  };
}
