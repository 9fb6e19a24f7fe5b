/** How long the ledger waits and what it believes, in milliseconds. */
export interface LedgerLimits {
  /** How long a call waits for other processes before it fails with `LEDGER_BUSY`. Default: 5 s. */
  readonly busyMs: number;
  /** How long an approval holds. Default: 15 min. */
  readonly approvalMs: number;
  /** How long after its last heartbeat a runner counts as alive. Default: 15 s. */
  readonly ownerTtlMs: number;
  /**
   * How much earlier than its time to live a runner must stop sending, so that the next owner
   * never meets a request on its way to a socket. Default: 3 s.
   */
  readonly permitMarginMs: number;
}

/** The limits where none are given. */
export const DEFAULT_LEDGER_LIMITS: LedgerLimits = {
  busyMs: 5_000,
  approvalMs: 15 * 60_000,
  ownerTtlMs: 15_000,
  permitMarginMs: 3_000,
};
