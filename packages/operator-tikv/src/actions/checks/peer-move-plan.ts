import type { PDPeer } from '../../pd/index.ts';
import type { PDRegion } from '../../pd/index.ts';
import type { PDStore } from '../../pd/index.ts';
import type { Scheduling } from '../../reads/scheduling.ts';

/** A peer to move, with the data that decides if it may. */
export interface PeerMovePlan {
  readonly region: PDRegion;
  readonly source: PDPeer;
  readonly target: PDStore;
  readonly stores: readonly PDStore[];
  readonly scheduling: Scheduling;
}
