import type { JsonObject } from 'operator-core';

/** PD's schedule configuration (PD API, config). */
export interface PDScheduleConfig {
  readonly leaderScheduleLimit: number;
  readonly regionScheduleLimit: number;
  readonly replicaScheduleLimit: number;
  readonly mergeScheduleLimit: number;
  readonly hotRegionScheduleLimit: number;
  /** Milliseconds of silence after which a store counts as Down. */
  readonly maxStoreDownTimeMs: number;
  readonly lowSpaceRatio: number;
  readonly highSpaceRatio: number;
  /** Whether all scheduling is halted. */
  readonly haltScheduling: boolean;
  /** Everything as PD gives it: booleans and durations are texts. */
  readonly raw: JsonObject;
}

/** PD's replication configuration (PD API, config). */
export interface PDReplicationConfig {
  readonly maxReplicas: number;
  readonly locationLabels: readonly string[];
  readonly isolationLevel: string;
  readonly strictlyMatchLabel: boolean;
  readonly enablePlacementRules: boolean;
  readonly raw: JsonObject;
}

/** PD's whole configuration (PD API, config). */
export interface PDConfig {
  readonly schedule: PDScheduleConfig;
  readonly replication: PDReplicationConfig;
  /** Lowest version of the stores: `8.5.7`. Empty when the answer has none. */
  readonly clusterVersion: string;
  readonly raw: JsonObject;
}
