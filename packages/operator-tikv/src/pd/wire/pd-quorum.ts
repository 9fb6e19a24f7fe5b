/** Members of PD, and which of them answer, as seen by those that do. */
export interface PDQuorum {
  /** Names of the members that answer, or at least answer another member. */
  readonly answering: readonly string[];
  /** Names of all members. */
  readonly members: readonly string[];
  /**
   * `members`: reports of members about each other. `endpoints`: no member reported, and these are the origins
   * that answer here; PD itself may see more.
   */
  readonly view: 'members' | 'endpoints';
  /** True when no leader can be elected: at most half of the members answer. */
  readonly isLost: boolean;
}
