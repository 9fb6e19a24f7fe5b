/** Time beyond PD's own limit that an effect may take to be seen. */
export const GRACE_MS = 5000;
const MS_PER_MIB_FAST = 600;
const MS_PER_MIB_SLOW = 6000;

/** PD's limit for a leader transfer, a promotion or a removal: 60 s or 0.6 s a MiB (PD API, operators). */
export function fastStepMs(sizeMiB: number): number {
  return Math.max(60_000, sizeMiB * MS_PER_MIB_FAST);
}

/** PD's limit for adding a learner, which receives a snapshot: 10 min or 6 s a MiB (PD API, operators). */
export function addLearnerMs(sizeMiB: number): number {
  return Math.max(600_000, sizeMiB * MS_PER_MIB_SLOW);
}

/** Deadline of a change that PD makes before it answers. */
export const IMMEDIATE_DEADLINE_MS = 10_000;
