/** Waiting times and tolerances of the ledger, in milliseconds. */
export interface LedgerLimits {
  /** Time that a call waits for other processes before it fails with `LEDGER_BUSY`. Default: 5 s. */
  readonly busyMs: number;
  /** Validity of an approval. Default: 15 min. */
  readonly approvalMs: number;
  /** Time after its last heartbeat in which a runner counts as alive. Default: 15 s. */
  readonly ownerTtlMs: number;
  /**
   * Time before the end of its time to live at which a runner must stop sending, so that the next owner
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
