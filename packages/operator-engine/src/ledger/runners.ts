import type { Runner } from './actor.ts';

/** A runner as the ledger knows it. */
export interface RunnerStatus extends Runner {
  readonly isAlive: boolean;
  /** RFC 3339, UTC. */
  readonly startedAt: string;
  readonly lastBeatAt: string;
}

/** The heartbeats. */
export interface Runners {
  /**
   * Says that a runner lives. To be called at a third of `ownerTtlMs`; `claim`, `intend`, `takeOver` and
   * `beginEnd` do it too. A runner that left or was taken for dead lives again, but its runs may be others' now.
   */
  beat(runner: Runner): Promise<void>;
  /** A clean end: what it still owns is abandoned at once. */
  leave(runnerId: string): Promise<void>;
  /** Those alive, and those that still own a run. */
  list(): Promise<readonly RunnerStatus[]>;
}

/** True when one of the runners is alive and ends leases and starts approved runs. */
export function isAnyWatching(runners: readonly RunnerStatus[]): boolean {
  return runners.some(({ role, isAlive }) => role === 'watch' && isAlive);
}
