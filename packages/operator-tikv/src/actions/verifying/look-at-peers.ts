import { canonicalJson, isJsonObject } from 'operator-core';
import type { JsonObject, JsonValue, Plan } from 'operator-core';
import type { PDCallOptions, PDPeer, PDRegion } from '../../pd/index.ts';
import type { PDClient } from '../../pd/pd-client.ts';
import { describePeer, isDown, isInJointState, isPending, peerOn } from '../checks/check-region.ts';
import { lookWithoutRegion } from './look-without-region.ts';
import type { RegionLook } from './operator-verification.ts';

/** A peer to move from one store to another. */
export interface WantedMove {
  readonly regionId: number;
  readonly from: number;
  readonly to: number;
  readonly plan: Plan | null;
}

/** Looks for where the peers of the region are. */
export async function lookAtPeers(
  wanted: WantedMove,
  pd: PDClient,
  options: PDCallOptions,
): Promise<RegionLook> {
  const region = await pd.getRegion(wanted.regionId, options);
  if (region === null) return lookWithoutRegion(wanted.regionId);
  const peers = region.peers.map(describePeer);
  const places = region.peers.map((peer) => `${peer.storeId} (${describeRole(peer)})`).join(', ');
  const { before, after } = wanted.plan?.effects[0] ?? {};
  const isReached = isMoved(region, wanted) && hasPlannedRole(region, wanted.to, after);
  return {
    verification: {
      state: isReached ? 'reached' : 'pending',
      summary: `Region ${region.id} has peers on stores ${places}.`,
      facts: { regionId: region.id, peers },
    },
    region,
    isAsBefore: isSamePlaces(peers, before),
    isChanging: region.peers.some(isInJointState) || isCatchingUp(region, wanted),
  };
}

/** True when a healthy peer is on the target, none on the source, and no membership change under way. */
export function isMoved(region: PDRegion, { from, to }: Pick<WantedMove, 'from' | 'to'>): boolean {
  const peer = peerOn(region, to);
  return (
    peer !== undefined &&
    !isPending(region, peer) &&
    !isDown(region, peer) &&
    peerOn(region, from) === undefined &&
    !region.peers.some(isInJointState)
  );
}

/** PD's word for the role of a peer: `Voter`, `Learner`, `Voter, witness`. */
export function describeRole({ role, isWitness }: PDPeer): string {
  return isWitness ? `${role}, witness` : role;
}

function isCatchingUp(region: PDRegion, { from, to }: WantedMove): boolean {
  const peer = peerOn(region, to);
  return peer !== undefined && peerOn(region, from) === undefined && isPending(region, peer);
}

/** True when the peer on the store has the role that the plan expects. Without a plan any role does. */
function hasPlannedRole(region: PDRegion, storeId: number, after: JsonValue | undefined): boolean {
  const planned = toPlaces(after).find((place) => place['storeId'] === String(storeId));
  const peer = peerOn(region, storeId);
  if (planned === undefined || peer === undefined) return planned === undefined;
  return canonicalJson(planned) === canonicalJson({ ...describePeer(peer) });
}

function isSamePlaces(peers: readonly JsonObject[], before: JsonValue | undefined): boolean {
  const places = toPlaces(before);
  return (
    places.length === peers.length &&
    places.every((place) => peers.some((peer) => canonicalJson(peer) === canonicalJson(place)))
  );
}

function toPlaces(value: JsonValue | undefined): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}
