import type { Region } from '../world/cluster/region.ts';
import { rulesLetLead } from '../world/placement-of.ts';
import { mayLead } from '../world/store-health.ts';
import type { World } from '../world/world.ts';
import type { BuildContext } from './build-steps.ts';

/** Facts of the model for the steps of a region. */
export function toBuildContext(world: World, region: Region): BuildContext {
  return {
    region,
    isRuled: !world.placement.isEnabled() || world.placement.rulesFor(region).length > 0,
    mayLead: (storeId) => mayLead(world, storeId) && rulesLetLead(world, region, storeId),
    allocateId: () => world.topology.allocateId(),
  };
}
