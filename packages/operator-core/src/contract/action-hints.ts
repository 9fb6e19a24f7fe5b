/** Assumptions that hosts and agents may make about an action. */
export interface ActionHints {
  /** True when doing it twice is the same as doing it once. Default: false. */
  readonly idempotent?: boolean;
  /** True when it can take something away that its inverse does not bring back. Default: true. */
  readonly destructive?: boolean;
}
