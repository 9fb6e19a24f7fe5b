import type { Region } from './cluster/region.ts';
import { peerOn } from './cluster/region.ts';
import type { Store } from './cluster/store.ts';
import type { World } from './world.ts';
import { type RegionFit, fitRegion } from './placement/fit-region.ts';
import { meetsConstraints } from './placement/rule.ts';

/** Assigns the region's replicas to the rules that apply to it now. */
export function fitOf(world: World, region: Region): RegionFit {
  return fitRegion({
    region,
    stores: world.topology.stores,
    rules: world.placement.rulesFor(region),
    allowsWitnesses: world.config.scheduleValue('enable-witness') === 'true',
  });
}

/** True when the rules let the store lead the region, and its replica there is no witness. */
export function rulesLetLead(world: World, region: Region, storeId: number): boolean {
  if (peerOn(region, storeId)?.isWitness === true) return false;
  const store = world.topology.stores.get(storeId);
  if (store === undefined || !world.placement.isEnabled()) return store !== undefined;
  return world.placement
    .rulesFor(region)
    .some(
      (rule) =>
        (rule.role === 'leader' || rule.role === 'voter') &&
        meetsConstraints(store, rule.constraints),
    );
}

/** True when a label of the store keeps all leaders from it. */
export function rejectsLeaders(world: World, store: Store): boolean {
  const rejecting = world.placement.properties().get('reject-leader') ?? [];
  return rejecting.some((property) =>
    store.labels.some(({ key, value }) => key === property.key && value === property.value),
  );
}
