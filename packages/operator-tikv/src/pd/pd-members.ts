/** One PD server (PD API, members). */
export interface PDMember {
  readonly name: string;
  /** Decimal text: a random 64-bit number. */
  readonly memberId: string;
  /** Where it takes HTTP requests. */
  readonly clientUrls: readonly string[];
  readonly peerUrls: readonly string[];
  /** Higher is preferred as leader. */
  readonly leaderPriority: number;
  /** `v8.5.7`; `null` when the answer does not say. */
  readonly version: string | null;
}

/** The members of a cluster and who leads them (PD API, members). */
export interface PDMembers {
  /** Decimal text, above 2^53. */
  readonly clusterId: string;
  readonly members: readonly PDMember[];
  /** `null` while nobody leads. */
  readonly leader: PDMember | null;
  readonly etcdLeader: PDMember | null;
}
