import type { PDPeer, PDRegion, PDStore } from '../../pd/index.ts';
import { describePeer, isDown, isPending } from './check-region.ts';
import { refuseWith } from './refusals.ts';

/**
 * Refuses a move in which the region would be without a majority of healthy voters: among the old
 * voters, who must agree to the change, or among those who stay together with the new one.
 */
export function requireQuorum(region: PDRegion, source: PDPeer, stores: readonly PDStore[]): void {
  const voters = region.peers.filter(({ role }) => role === 'Voter');
  const quorum = Math.floor(voters.length / 2) + 1;
  const before = countHealthyVoters(voters, region, stores);
  const staying = voters.filter(({ id }) => id !== source.id);
  const moved = source.role === 'Voter' ? 1 : 0;
  const after = countHealthyVoters(staying, region, stores) + moved;
  if (before >= quorum && after >= quorum) return;
  refuseWith(
    'QUORUM_AT_RISK',
    `Region ${region.id} needs ${quorum} healthy voters and has ${before} now, ${after} after the move.`,
    {
      regionId: region.id,
      quorum,
      healthyBefore: before,
      healthyAfter: after,
      peers: region.peers.map(describePeer),
    },
  );
}

/** A warning where one failure during a change of the region may cost its majority. */
export function warnOfUnhealthyVoters(
  region: PDRegion,
  stores: readonly PDStore[],
): readonly string[] {
  const healthy = countHealthyVoters(region.peers, region, stores);
  const voters = region.peers.filter(({ role }) => role === 'Voter').length;
  if (healthy >= voters) return [];
  return [
    `Only ${healthy} of ${voters} voters are healthy: one more failure during the move can cost the majority.`,
  ];
}

/** Number of peers that are voters healthy by PD, on stores that it hears. */
function countHealthyVoters(
  peers: readonly PDPeer[],
  region: PDRegion,
  stores: readonly PDStore[],
): number {
  const silent = new Set(
    stores.filter(({ state }) => state === 'Down' || state === 'Disconnected').map(({ id }) => id),
  );
  return peers.filter(
    (peer) =>
      peer.role === 'Voter' &&
      !isDown(region, peer) &&
      !isPending(region, peer) &&
      !silent.has(peer.storeId),
  ).length;
}
