import type { RuleBook } from './placement/rule-book.ts';
import type { Config } from './cluster/config.ts';
import type { Clock } from './cluster/clock.ts';
import type { Leadership } from './cluster/leadership.ts';
import type { Profile } from './cluster/profile.ts';
import type { Random } from './cluster/random.ts';
import type { Topology } from './cluster/topology.ts';
import type { OperatorController } from './operators/operator-controller.ts';
import type { SchedulerRegistry } from './schedulers/scheduler-registry.ts';

/** Options of the model at its start. */
export interface WorldSettings {
  readonly seed: number;
  readonly stores: number;
  readonly tiflashStores: number;
  readonly regions: number;
  readonly replicas: number;
  readonly regionSizeMiB: number;
  readonly members: number;
  readonly keyspaceSplit: boolean;
  readonly bootstrapped: boolean;
  readonly schedulersPaused: boolean;
  /** Milliseconds over which all regions report to a PD leader without memory. */
  readonly regionHeartbeatMs: number;
  /** True: each region reports at its own moment; false: all at the end of the interval, as PD's own simulator does. */
  readonly spreadHeartbeats: boolean;
  /** Milliseconds of silence after which a region reports a replica down. */
  readonly downPeerAfterMs: number;
}

/** An operator that PD refuses because a test wants it to. */
export interface OperatorRefusal {
  readonly name: string | undefined;
  readonly regionId: number | undefined;
  readonly status: number;
  readonly text: string;
  times: number;
}

/** Faults that the model itself honours (answers are disturbed elsewhere). */
export interface ModelFaults {
  /** Accepted operators do not move. */
  holdOperators: boolean;
  /** So many accepted admin operators are never started. */
  leaveUnstarted: number;
  /** A reader of the region index never came back: counts stand still until the PD leader restarts. */
  indexFrozen: boolean;
  /** No checker repairs regions. */
  checkersPaused: boolean;
  readonly refusals: OperatorRefusal[];
}

/** Checker of the regions: see `operators/checker.ts`. */
export interface RegionChecker {
  /** Something happened to the region: it will be checked. */
  notice(regionId: number): void;
  /** A new PD leader starts its patrol again. */
  noticeAll(regionIds: Iterable<number>): void;
  /** Looks soon: what waited may go on. */
  wake(): void;
}

/** The whole model. */
export interface World {
  readonly settings: WorldSettings;
  readonly profile: Profile;
  readonly clock: Clock;
  readonly random: Random;
  readonly topology: Topology;
  readonly config: Config;
  readonly placement: RuleBook;
  readonly leadership: Leadership;
  readonly operators: OperatorController;
  readonly checker: RegionChecker;
  readonly schedulers: SchedulerRegistry;
  readonly faults: ModelFaults;
  readonly clusterId: bigint;
  /** Number of times that scattering chose each store for a leader. */
  readonly scattered: Map<number, number>;
  /** Until when each checker is paused: pausing `rule` or `replica` stops all repairs. */
  readonly checkerPauses: Map<string, number>;
}
