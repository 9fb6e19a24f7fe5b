/**
 * The states of a run and every legal transition between them. This table is the only place where
 * they stand: the ledger enforces it, the diagram in the documentation and the crash tests are made
 * of it.
 *
 * - `planned`: written down, not yet decided
 * - `refused`: policy, a limit or the re-check said no; nothing was sent
 * - `awaiting_approval`: policy asks for the consent of people
 * - `approved`: may be executed until it expires; it waits for people again when policy has become stricter
 * - `rejected`: a person said no
 * - `expired`: it was not executed in time
 * - `executing`: a runner owns it; requests may have left
 * - `verifying`: everything was sent; the effect is looked for
 * - `succeeded`: the effect was seen and has settled
 * - `partly_done`: the system accepted some requests, and a later one was refused, not sent or left out
 * - `ineffective`: the system took it, but the effect is not there: given up, or taken back
 * - `failed`: the system said no, or nothing certainly reached it
 * - `unknown`: reading could not tell; it may be settled later by reading again, also as an effect of unknown cause
 * - `cancelled`: it was ended by a cancel
 * - `undone`: its inverse has succeeded
 */
export const RUN_TRANSITIONS = {
  planned: ['refused', 'awaiting_approval', 'approved', 'expired', 'cancelled'],
  awaiting_approval: ['approved', 'rejected', 'expired', 'cancelled', 'refused'],
  approved: ['executing', 'awaiting_approval', 'refused', 'expired', 'cancelled'],
  executing: ['verifying', 'partly_done', 'failed', 'unknown', 'cancelled'],
  verifying: ['succeeded', 'partly_done', 'ineffective', 'failed', 'unknown', 'cancelled'],
  unknown: ['succeeded', 'ineffective', 'failed', 'unknown', 'undone'],
  succeeded: ['undone'],
  partly_done: ['undone'],
  ineffective: ['undone'],
  failed: [],
  refused: [],
  rejected: [],
  expired: [],
  cancelled: [],
  undone: [],
} as const satisfies Readonly<Record<string, readonly string[]>>;

/** A state of {@link RUN_TRANSITIONS}. */
export type RunState = keyof typeof RUN_TRANSITIONS;

/** Every state, in the order of {@link RUN_TRANSITIONS}. */
export const RUN_STATES = Object.keys(RUN_TRANSITIONS) as readonly RunState[];

/** The states in which a runner owns the run and its locks are held. */
export const OWNED_STATES = ['executing', 'verifying'] as const satisfies readonly RunState[];

/** The states before a runner owns the run: nothing was sent, and it may still expire. */
export const WAITING_STATES = [
  'planned',
  'awaiting_approval',
  'approved',
] as const satisfies readonly RunState[];

/** The states in which a run is over. */
export const OVER_STATES: readonly RunState[] = RUN_STATES.filter((state) => isOver(state));

/** True when a run may go from one state to the other. */
export function isLegalTransition(from: RunState, to: RunState): boolean {
  const targets: readonly RunState[] = RUN_TRANSITIONS[from];
  return targets.includes(to);
}

/** True when a runner owns a run in this state. */
export function isOwned(state: RunState): boolean {
  return OWNED_STATES.some((owned) => owned === state);
}

/** True when nothing of a run in this state can have been sent yet. */
export function isWaiting(state: RunState): boolean {
  return WAITING_STATES.some((waiting) => waiting === state);
}

/**
 * True when a run in this state is over: it has no owner and holds no locks. `unknown` is over too,
 * though reading may settle it later; so are those that may still become `undone`.
 */
export function isOver(state: RunState): boolean {
  return !isOwned(state) && !isWaiting(state);
}
