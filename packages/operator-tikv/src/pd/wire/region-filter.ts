import type { PDPeer, PDRegion, PDStoreRegionType } from './pd-region.ts';

/**
 * The regions of which a store's peer is of the type. PD before 8.5 ignores the type and lists all
 * regions of the store (PD API, version differences), so the answer is looked through in every version.
 */
export function filterRegions(
  regions: readonly PDRegion[],
  store: { readonly storeId: number; readonly type: PDStoreRegionType },
): readonly PDRegion[] {
  return regions.filter((region) => isOfType(region, store));
}

function isOfType(
  region: PDRegion,
  { storeId, type }: { readonly storeId: number; readonly type: PDStoreRegionType },
): boolean {
  const isHere = (peer: PDPeer): boolean => peer.storeId === storeId;
  if (type === 'pending') return region.pendingPeers.some(isHere);
  const isLeader = region.leader?.storeId === storeId;
  if (type === 'leader') return isLeader;
  const here = region.peers.filter(isHere);
  if (type === 'witness') return here.some(({ isWitness }) => isWitness);
  if (type === 'learner') return here.some(({ role }) => role === 'Learner');
  return !isLeader && here.some(({ role }) => role !== 'Learner');
}
