/** What hosts and agents may assume about an action. */
export interface ActionHints {
  /** Whether doing it twice is the same as doing it once. Default: false. */
  readonly idempotent?: boolean;
  /** Whether it can take something away that its inverse does not bring back. Default: true. */
  readonly destructive?: boolean;
}
