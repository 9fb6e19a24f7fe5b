import { isIrreplaceable } from '../../pd/index.ts';
import type { PDOperatorState, PDPeer, PDRegion } from '../../pd/index.ts';
import { refuseWith } from './refusals.ts';

/** A region with a leader. */
export interface LedRegion extends PDRegion {
  readonly leader: PDPeer;
}

/** The region, which must exist, have a leader and not be changing its members. */
export function requireRegion(region: PDRegion | null, regionId: number): LedRegion {
  if (region === null) {
    refuseWith('REGION_NOT_FOUND', `There is no region ${regionId}.`, { regionId });
  }
  const { leader, peers } = region;
  if (leader === null) {
    refuseWith('REGION_HAS_NO_LEADER', `Region ${regionId} has no leader that PD knows of.`, {
      regionId,
      storeIds: peers.map((peer) => String(peer.storeId)),
    });
  }
  if (peers.some(isInJointState)) {
    refuseWith('REGION_IN_JOINT_STATE', `Region ${regionId} is changing its members right now.`, {
      regionId,
      peers: peers.map(describePeer),
    });
  }
  return { ...region, leader };
}

/** The peer that moves: on the source, and none on the target. */
export function requireMovablePeer(region: PDRegion, from: number, to: number): PDPeer {
  const facts = { regionId: region.id, peers: region.peers.map(describePeer) };
  const source = peerOn(region, from);
  if (source === undefined) {
    refuseWith('NO_PEER_ON_STORE', `Region ${region.id} has no peer on store ${from}.`, facts);
  }
  if (peerOn(region, to) !== undefined) {
    refuseWith(
      'PEER_ALREADY_ON_STORE',
      `Region ${region.id} already has a peer on store ${to}.`,
      facts,
    );
  }
  return source;
}

/** Refuses when PD would not replace the running operator of the region. */
export function refuseRunningOperator(operator: PDOperatorState | null, regionId: number): void {
  if (!isRunning(operator) || !isIrreplaceable(operator)) return;
  const { description, brief, status } = operator;
  refuseWith('OPERATOR_RUNNING', `${description} {${brief}} runs on region ${regionId}.`, {
    regionId,
    operator: description,
    brief,
    status,
  });
}

/** A sentence about an operator that PD will replace, if there is one. */
export function warnOfReplacedOperator(operator: PDOperatorState | null): readonly string[] {
  return isRunning(operator)
    ? [`PD will replace the running operator ${operator.description} {${operator.brief}}.`]
    : [];
}

/** An operator that has not ended. */
type RunningOperator = PDOperatorState & { readonly status: 'CREATED' | 'RUNNING' };

/** True when PD is running the operator now. */
export function isRunning(operator: PDOperatorState | null): operator is RunningOperator {
  return operator !== null && (operator.status === 'RUNNING' || operator.status === 'CREATED');
}

/** The region's peer on a store, or `undefined`. */
export function peerOn(region: PDRegion, storeId: number): PDPeer | undefined {
  return region.peers.find((peer) => peer.storeId === storeId);
}

/** True when PD lists the peer as lagging behind. */
export function isPending(region: PDRegion, peer: PDPeer): boolean {
  return region.pendingPeers.some(({ id }) => id === peer.id);
}

/** True when PD lists the peer as down. */
export function isDown(region: PDRegion, peer: PDPeer): boolean {
  return region.downPeers.some((down) => down.peer.id === peer.id);
}

/** True when the peer is joining or leaving in a membership change. */
export function isInJointState(peer: PDPeer): boolean {
  return peer.role === 'IncomingVoter' || peer.role === 'DemotingVoter';
}

/** A peer as a fact; `isWitness` is absent when it is none. */
export type PeerFact = { storeId: string; role: string; isWitness?: true };

/** Describes a peer as a fact. */
export function describePeer(peer: PDPeer): PeerFact {
  const { role, isWitness } = peer;
  return { storeId: String(peer.storeId), role, ...(isWitness ? { isWitness: true } : {}) };
}
