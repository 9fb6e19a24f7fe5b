/** Raft's roles of a replica, in the order of PD's numbers (0 to 3). */
export const PEER_ROLES = ['Voter', 'Learner', 'IncomingVoter', 'DemotingVoter'] as const;

export type PeerRole = (typeof PEER_ROLES)[number];

/** One replica of a region on one store. */
export interface Peer {
  readonly id: number;
  readonly storeId: number;
  role: PeerRole;
  /** Holds the log only and never leads. */
  isWitness?: boolean;
}

/** True for a replica that counts as voting now. */
export function isVoting(peer: Peer): boolean {
  return peer.role !== 'Learner';
}
