import type { FaultMatch } from '../server/answer-faults.ts';
import type { Label } from '../world/cluster/store.ts';

/** Everything that can be made to go wrong; each takes one object, so that the control API can carry it as JSON. */
export interface Faults {
  /** The store's heartbeats stop: Up for 20 s, then Disconnected, unhealthy after 10 min, Down after 30 min. Its leaders are re-elected elsewhere after 10 s, unless `keepLeaders`. */
  silenceStore(options: { readonly storeId: number; readonly keepLeaders?: boolean }): void;
  /** A silent store comes back. */
  wakeStore(options: { readonly storeId: number }): void;
  /** The first heartbeat of the store at a new PD leader shows its sizes at once and its time only after so many milliseconds, as PD persists the store in between. */
  delayFirstHeartbeat(options: { readonly storeId: number; readonly ms: number }): void;
  /** The store reports itself busy: PD places no leaders there. */
  slowStore(options: { readonly storeId: number; readonly busy?: boolean }): void;
  /** A new store registers; it is Down until its first heartbeat. Returns its id. */
  addStore(options: {
    readonly labels?: readonly Label[];
    readonly firstHeartbeatAfterMs?: number;
  }): number;
  /** The connection is cut: before the request is executed, after it, or in the middle of the answer's body. */
  dropAnswer(options: FaultMatch & { readonly when?: 'before' | 'after' | 'half' }): void;
  /** The answer comes so many real milliseconds later. */
  delayAnswer(options: FaultMatch & { readonly ms: number }): void;
  /**
   * This answer instead of PD's own, as a proxy in front of PD gives it. Unless `executed`, the request does
   * not reach PD.
   */
  answerWith(
    options: FaultMatch & {
      readonly status: number;
      readonly body?: string;
      readonly headers?: Readonly<Record<string, string>>;
      readonly executed?: boolean;
    },
  ): void;
  /** PD refuses to create an operator, in these words. */
  refuseOperator(options: {
    readonly name?: string;
    readonly regionId?: number;
    readonly status?: number;
    readonly text?: string;
    readonly times?: number;
  }): void;
  /** The PD leader is killed. */
  loseLeader(options?: Readonly<Record<string, never>>): void;
  /** A PD member is killed. */
  killMember(options: { readonly member: string }): void;
  /** A killed member is started again. */
  startMember(options: { readonly member: string; readonly startingMs?: number }): void;
  /** The leader's process ends and starts again as leader; without `warm` it has forgotten everything that is not persisted. */
  restartLeader(options?: {
    readonly downMs?: number;
    readonly startingMs?: number;
    readonly warm?: boolean;
  }): void;
  /** A planned move of the PD leadership. */
  moveLeader(options: { readonly member: string }): void;
  /** Another program fills the store's disk until this many bytes are left. */
  fillStore(options: { readonly storeId: number; readonly availableBytes: number }): void;
  /** The region's replica on the store becomes a witness. */
  makeWitness(options: { readonly regionId: number; readonly storeId: number }): void;
  /** The region has no leader, until restored. */
  leaveLeaderless(options: { readonly regionId: number }): void;
  restoreLeader(options: { readonly regionId: number }): void;
  /** The region's leader reports a replica down, or lagging. */
  setDownPeer(options: {
    readonly regionId: number;
    readonly storeId: number;
    readonly seconds?: number;
  }): void;
  setPendingPeer(options: { readonly regionId: number; readonly storeId: number }): void;
  clearPeerFaults(options: { readonly regionId: number }): void;
  /** Another operator's record takes the place of the region's. */
  takeOverRecord(options: {
    readonly regionId: number;
    readonly description?: string;
    readonly status?: 'SUCCESS' | 'CANCEL' | 'TIMEOUT';
  }): void;
  /** Traffic of the region in each heartbeat interval. */
  heatRegion(options: {
    readonly regionId: number;
    readonly writtenBytes?: number;
    readonly writtenKeys?: number;
    readonly readBytes?: number;
    readonly readKeys?: number;
  }): void;
  /** Accepted operators do not move until released, and run into their timeouts. */
  holdOperators(options?: { readonly hold?: boolean }): void;
  /** The next accepted admin operators are never started: PD gives them up after 3 s. */
  leaveUnstarted(options?: { readonly times?: number }): void;
  /** The checkers repair nothing while paused. */
  pauseCheckers(options?: { readonly paused?: boolean }): void;
  /** PD's region index stands still, as after an unknown `type` on 8.5. */
  freezeIndex(options?: Readonly<Record<string, never>>): void;
  /** Takes back all disturbed answers, refusals and held operators. */
  clear(options?: Readonly<Record<string, never>>): void;
}
