import type { JsonValue, OrUnknown } from 'operator-core';

/** One operator that PD runs on a region. */
export interface RunningOperator {
  readonly regionId: number;
  /** What it is, in PD's words: `admin-transfer-leader`. */
  readonly name: string;
  /** What it does, in PD's words: `transfer leader: store 1 to 2`. */
  readonly brief: string;
  /** PD's kinds: `admin`, `leader`, `region`. */
  readonly kinds: readonly string[];
  /** PD's whole text, for people. */
  readonly text: string;
}

/** One scheduler of PD. */
export interface Scheduler {
  readonly name: string;
  readonly paused: OrUnknown<boolean>;
  /** For evict-leader and grant-leader: the stores it works on. */
  readonly storeIds?: OrUnknown<readonly string[]>;
}

/** PD's schedulers. */
export interface Schedulers {
  readonly schedulers: readonly Scheduler[];
  /** Why the list may be incomplete, or `null`: a PD leader that has just started shows none. */
  readonly incomplete: string | null;
  /** Whether all scheduling is halted by configuration. */
  readonly halted: OrUnknown<boolean>;
}

/** One PD member. */
export interface Member {
  readonly name: string;
  readonly memberId: string;
  readonly clientUrls: readonly string[];
  readonly isLeader: boolean;
  readonly version: OrUnknown<string>;
  readonly healthy: OrUnknown<boolean>;
}

/** One setting of PD. */
export interface ConfigItem {
  /** As PD writes it, with its section: `schedule.leader-schedule-limit`. */
  readonly name: string;
  readonly value: JsonValue;
}
