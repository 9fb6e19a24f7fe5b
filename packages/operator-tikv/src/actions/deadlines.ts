import { LOST_REQUEST_MS } from './lost-request.ts';

/** Time beyond PD's own limit that an effect may take to be seen. */
const GRACE_MS = 5000;
const MS_PER_MIB_FAST = 600;
const MS_PER_MIB_SLOW = 6000;

/** PD's limit for a leader transfer, a promotion or a removal: 60 s or 0.6 s a MiB (PD API, operators). */
export function fastStepMs(sizeMiB: number): number {
  return Math.max(60_000, sizeMiB * MS_PER_MIB_FAST);
}

/** PD's limit for adding a learner, which receives a snapshot: 10 min or 6 s a MiB (PD API, operators). */
function addLearnerMs(sizeMiB: number): number {
  return Math.max(600_000, sizeMiB * MS_PER_MIB_SLOW);
}

/** Deadline of a leader transfer: PD gives the operator up after that. */
export function transferLeaderDeadlineMs(sizeMiB: number): number {
  return fastStepMs(sizeMiB) + GRACE_MS;
}

/** Deadline of a peer transfer: add a learner, enter and leave the joint state (moving the leader if need be), remove. */
export function transferPeerDeadlineMs(sizeMiB: number): number {
  return addLearnerMs(sizeMiB) + 4 * fastStepMs(sizeMiB) + GRACE_MS;
}

/**
 * Deadline of a drain: PD moves `leader-schedule-limit` leaders at a time and gives each up to 60 s.
 * An effect without progress is not waited for longer than an hour. It is not over while a lost request may
 * still arrive: the end of the run's lease would find no drain, and leave one that comes later.
 */
export function drainDeadlineMs(leaders: number, leaderScheduleLimit: number): number {
  const rounds = Math.ceil(leaders / Math.max(1, leaderScheduleLimit)) + 1;
  const wholeMs = Math.max(rounds * fastStepMs(0), LOST_REQUEST_MS) + GRACE_MS;
  return Math.min(wholeMs, 3_600_000);
}

/** Deadline of a change that PD makes before it answers. */
export const IMMEDIATE_DEADLINE_MS = 10_000;
