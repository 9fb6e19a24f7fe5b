/** One reading of a condition. */
export interface ConditionReading {
  /** `null`: what was read does not tell. Unknown never counts as holding. */
  readonly holds: boolean | null;
  /** One sentence: what was read, or why it is not known. */
  readonly summary: string;
}

/** The condition by which a run proves that the problem behind it is gone. */
export interface RunCondition {
  /** The condition as it was typed. */
  readonly text: string;
  /** Longest wait for it after the effect was proven, in milliseconds. */
  readonly withinMs: number;
  /** The reading before the run was recorded. */
  readonly before: ConditionReading;
  /** The last reading after the effect was proven; `null` while there is none. */
  readonly after: ConditionReading | null;
}
