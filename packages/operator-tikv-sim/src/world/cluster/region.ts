import type { Peer } from './peer.ts';

/** Traffic of one heartbeat interval. */
export interface Flow {
  writtenBytes: number;
  writtenKeys: number;
  readBytes: number;
  readKeys: number;
}

/** One region: what is true of it. `reported` says whether the present PD leader has heard of it yet. */
export interface Region {
  readonly id: number;
  /** Upper-case hex; '' is minus infinity. */
  startKey: string;
  /** Upper-case hex, exclusive; '' is plus infinity. */
  endKey: string;
  peers: Peer[];
  leader: Peer | undefined;
  confVer: number;
  version: number;
  sizeMiB: number;
  keys: number;
  flow: Flow;
  reported: boolean;
  /** Stores whose replica lags behind. */
  readonly pending: Set<number>;
  /** Stores whose replica is reported down, with the seconds. */
  readonly down: Map<number, number>;
}

export function peerOn(region: Region, storeId: number): Peer | undefined {
  return region.peers.find((peer) => peer.storeId === storeId);
}

export function isInJointState(region: Region): boolean {
  return region.peers.some(
    (peer) => peer.role === 'IncomingVoter' || peer.role === 'DemotingVoter',
  );
}

/** The leader as the present PD leader knows it. */
export function knownLeader(region: Region): Peer | undefined {
  return region.reported ? region.leader : undefined;
}
