/** What a peer may do (PD API, regions). The last two exist only in the middle of a change of replicas. */
export const PD_PEER_ROLES = ['Voter', 'Learner', 'IncomingVoter', 'DemotingVoter'] as const;

/** See {@link PD_PEER_ROLES}. */
export type PDPeerRole = (typeof PD_PEER_ROLES)[number];

/** A replica of a region. */
export interface PDPeer {
  readonly id: number;
  readonly storeId: number;
  readonly role: PDPeerRole;
  readonly isWitness: boolean;
}

/** A peer that its leader has not heard of. */
export interface PDDownPeer {
  readonly peer: PDPeer;
  readonly downSeconds: number;
}

/** Counts every change: of replicas (`confVer`) and of borders (`version`). */
export interface PDRegionEpoch {
  readonly confVer: number;
  readonly version: number;
}

/** A region as PD sees it (PD API, regions). */
export interface PDRegion {
  readonly id: number;
  /** Upper-case hex; empty is the beginning. */
  readonly startKey: string;
  /** Upper-case hex, exclusive; empty is the end. */
  readonly endKey: string;
  readonly epoch: PDRegionEpoch;
  readonly peers: readonly PDPeer[];
  /** `null` when PD knows of none: dead store, or a PD leader that has just started. */
  readonly leader: PDPeer | null;
  readonly downPeers: readonly PDDownPeer[];
  /** Peers that lag behind: they cannot take leadership. */
  readonly pendingPeers: readonly PDPeer[];
  /** Totals of the last heartbeat interval (about 60 s), not per second; so are the next three. */
  readonly writtenBytes: number;
  readonly readBytes: number;
  readonly writtenKeys: number;
  readonly readKeys: number;
  /** MiB; 1 is at most 1 MiB, 0 is not known yet. */
  readonly approximateSizeMiB: number;
  readonly approximateKeys: number;
}

/** Which of a store's regions are asked for (PD API, regions). PD freezes at any other word. */
export const PD_STORE_REGION_TYPES = [
  'leader',
  'follower',
  'learner',
  'witness',
  'pending',
] as const;

/** See {@link PD_STORE_REGION_TYPES}. */
export type PDStoreRegionType = (typeof PD_STORE_REGION_TYPES)[number];

/** Lists of regions that PD keeps because something is to be done about them (PD API, regions). */
export const PD_REGION_CHECKS = [
  'miss-peer',
  'extra-peer',
  'pending-peer',
  'down-peer',
  'learner-peer',
  'empty-region',
  'offline-peer',
  'oversized-region',
  'undersized-region',
] as const;

/** See {@link PD_REGION_CHECKS}. */
export type PDRegionCheck = (typeof PD_REGION_CHECKS)[number];

/** What PD can order the largest regions by, in every version from 6.5 (PD API, regions). */
export const PD_TOP_REGION_KINDS = [
  'writeflow',
  'readflow',
  'confver',
  'version',
  'size',
  'keys',
] as const;

/** See {@link PD_TOP_REGION_KINDS}. */
export type PDTopRegionKind = (typeof PD_TOP_REGION_KINDS)[number];
