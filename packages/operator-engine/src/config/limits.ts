/** Times that the engine waits for code and systems that it does not control, in milliseconds. */
export interface EngineLimits {
  /** Loading the plugin's code. Default: 15 s. */
  readonly importMs: number;
  /** The plugin's `connect`. Default: 15 s. */
  readonly connectMs: number;
  /** One `identify`, `plan`, `read` or `diagnose`. Default: 60 s, longer than an election takes. */
  readonly readMs: number;
  /** One look of `verify`. Default: 30 s. */
  readonly verifyMs: number;
  /** Time that a look may still take at the deadline. Default: 15 s, longer than an election takes. */
  readonly lastLookMs: number;
  /** One `send`. Default: 60 s. */
  readonly sendMs: number;
  /** Time that a call may take to stop. Default: 2 s. */
  readonly stopMs: number;
  /** Time from sending to the first look; an effect needs a moment to be visible. Default: 50 ms. */
  readonly firstLookMs: number;
  /** First pause between two looks of `verify`; it grows to `pollMaxMs`. Default: 100 ms. */
  readonly pollMs: number;
  /** Longest pause between two looks. Default: 1 s. */
  readonly pollMaxMs: number;
  /**
   * Time after sending in which a failed effect is not believed when the answer was lost: the request may
   * still be on its way. Default: 5 s.
   */
  readonly lostAnswerMs: number;
  /**
   * Age of the reading behind a plan up to which the process that made it sends it without reading again; 0: it always
   * reads again. Default: 1 s.
   */
  readonly freshReadingMs: number;
  /**
   * Time from the last reading of the system to the start of the first request. Later it is not sent: what was read may no longer
   * be so. Default: 5 s.
   */
  readonly sendWithinMs: number;
  /** Validity of a plan after it was made. Default: 1 h. */
  readonly planValidMs: number;
  /** Time that a run without approval may wait to be started. Default: 5 min. */
  readonly startWithinMs: number;
  /** Time that a run waits for approval. Default: 24 h. */
  readonly decideWithinMs: number;
  /** Pause between two looks at a run that another process carries out. Default: 200 ms. */
  readonly followMs: number;
  /**
   * Time that a run without approval waits for the process of its requester; then `watch` starts it.
   * Default: 10 s.
   */
  readonly leftAfterMs: number;
  /** Pause between two rounds of `watch`. Default: 1 s. */
  readonly watchMs: number;
}

/** The limits where none are given. */
export const DEFAULT_LIMITS: EngineLimits = {
  importMs: 15_000,
  connectMs: 15_000,
  readMs: 60_000,
  verifyMs: 30_000,
  lastLookMs: 15_000,
  sendMs: 60_000,
  stopMs: 2_000,
  firstLookMs: 50,
  pollMs: 100,
  pollMaxMs: 1_000,
  lostAnswerMs: 5_000,
  freshReadingMs: 1_000,
  sendWithinMs: 5_000,
  planValidMs: 3_600_000,
  startWithinMs: 5 * 60_000,
  decideWithinMs: 24 * 3_600_000,
  followMs: 200,
  leftAfterMs: 10_000,
  watchMs: 1_000,
};
