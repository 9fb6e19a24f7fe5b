import type { JsonValue, OrUnknown } from 'operator-core';

/** One operator that PD is carrying out. */
export interface RunningOperator {
  readonly regionId: number;
  /** Creator, in PD's words: `admin-transfer-leader`, `balance-leader-scheduler`. */
  readonly name: string;
  /** Brief description, in PD's words: `transfer leader: store 1 to 2`. */
  readonly brief: string;
  /** RFC 3339. */
  readonly createdAt: OrUnknown<string>;
  /** RFC 3339. */
  readonly startedAt: OrUnknown<string>;
  /** Steps that are done. */
  readonly currentStep: OrUnknown<number>;
  /** Description by PD: `transfer leader from store 1 to store 2`. */
  readonly steps: readonly string[];
  /** Milliseconds after which PD gives it up. */
  readonly timeoutMs: OrUnknown<number>;
}

/** The operators that PD is carrying out. */
export interface RunningOperators {
  /** Operators, sorted by region. */
  readonly operators: readonly RunningOperator[];
  /** `true`, or unknown with the reason: a PD leader that has just started has lost those of the one before. */
  readonly complete: OrUnknown<true>;
}

/** One scheduler of PD. */
export interface Scheduler {
  readonly name: string;
  readonly paused: OrUnknown<boolean>;
  /** End of the pause, RFC 3339; `null` when it is not paused. A change of PD's leader ends it earlier. */
  readonly resumesAt: OrUnknown<string | null>;
  /** The stores that `evict-leader-scheduler` takes leaders from; `null` for every other scheduler. */
  readonly storeIds: OrUnknown<readonly string[]> | null;
}

/** PD's schedulers. */
export interface Schedulers {
  /** Schedulers that PD has shown, sorted by name; see `complete`. */
  readonly schedulers: readonly Scheduler[];
  /** `true`, or unknown with the reason: a PD leader that has just started shows none, or some. */
  readonly complete: OrUnknown<true>;
  /** True when all scheduling is halted by configuration. */
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
  /** Name as PD writes it, with its section: `schedule.leader-schedule-limit`. */
  readonly name: string;
  readonly value: JsonValue;
}
