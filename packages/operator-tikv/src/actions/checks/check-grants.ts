import { GRANT_LEADER_SCHEDULER } from '../../pd/index.ts';
import type { PDCallOptions, PDRegion } from '../../pd/index.ts';
import type { PDClient } from '../../pd/pd-client.ts';
import type { Scheduling } from '../../reads/scheduling.ts';
import { isDown, isPending } from './check-region.ts';
import { refuseWith } from './refusals.ts';

/** The leader of a region to move to a store. */
interface LeaderMove {
  readonly region: PDRegion;
  readonly targetId: number;
  readonly scheduling: Scheduling;
}

/**
 * Refuses to move a leader that the grant-leader scheduler would take back: it moves the leader of each
 * region with a healthy voter on its stores there, again and again, unless it is paused.
 */
export async function refuseGrantedElsewhere(
  { region, targetId, scheduling }: LeaderMove,
  pd: PDClient,
  options: PDCallOptions,
): Promise<void> {
  const taker = region.peers.find(
    (peer) =>
      peer.role === 'Voter' &&
      peer.storeId !== targetId &&
      scheduling.grantedStoreIds.includes(peer.storeId) &&
      !isDown(region, peer) &&
      !isPending(region, peer),
  );
  if (taker === undefined || scheduling.grantedStoreIds.includes(targetId)) return;
  const paused = await pd.getPausedSchedulers(options);
  if (paused.some(({ name }) => name === GRANT_LEADER_SCHEDULER)) return;
  refuseWith(
    'STORE_PAUSED',
    `${GRANT_LEADER_SCHEDULER} moves the leader of region ${region.id} to store ${taker.storeId}: it would take this move back.`,
    {
      regionId: region.id,
      storeId: String(taker.storeId),
      scheduler: GRANT_LEADER_SCHEDULER,
      grantedStoreIds: scheduling.grantedStoreIds.map(String),
    },
  );
}
