import { isJsonObject } from 'operator-core';
import type { JsonObject } from 'operator-core';

import { parseGoDuration } from './go-values.ts';
import type { JsonReader } from './json-reader.ts';
import { parsePersistedSchedulers } from './scheduler-names.ts';

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
  /** Names of the schedulers that PD will start; `null` when it does not tell. */
  readonly persistedSchedulers: readonly string[] | null;
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

/** Reads the answer of `GET /config/schedule`. */
export function parseScheduleConfig(body: JsonReader): PDScheduleConfig {
  const downTime = body.field('max-store-down-time');
  const raw = readRaw(body);
  return {
    leaderScheduleLimit: body.field('leader-schedule-limit').count(),
    regionScheduleLimit: body.field('region-schedule-limit').count(),
    replicaScheduleLimit: body.field('replica-schedule-limit').count(),
    mergeScheduleLimit: body.field('merge-schedule-limit').count(0),
    hotRegionScheduleLimit: body.field('hot-region-schedule-limit').count(0),
    maxStoreDownTimeMs: parseGoDuration(downTime.text()) ?? downTime.fail('a duration'),
    lowSpaceRatio: body.field('low-space-ratio').number(),
    highSpaceRatio: body.field('high-space-ratio').number(),
    haltScheduling: body.field('halt-scheduling').textFlag(false),
    persistedSchedulers: parsePersistedSchedulers(raw),
    raw,
  };
}

/** Reads the answer of `GET /config/replicate`. */
export function parseReplicationConfig(body: JsonReader): PDReplicationConfig {
  const labels = body.field('location-labels').text('');
  return {
    maxReplicas: body.field('max-replicas').count(),
    locationLabels: labels === '' ? [] : labels.split(','),
    isolationLevel: body.field('isolation-level').text(''),
    strictlyMatchLabel: body.field('strictly-match-label').textFlag(false),
    enablePlacementRules: body.field('enable-placement-rules').textFlag(false),
    raw: readRaw(body),
  };
}

/** Reads the answer of `GET /config`. */
export function parseConfig(body: JsonReader): PDConfig {
  return {
    schedule: parseScheduleConfig(body.field('schedule')),
    replication: parseReplicationConfig(body.field('replication')),
    clusterVersion: body.field('cluster-version').text(''),
    raw: readRaw(body),
  };
}

function readRaw(body: JsonReader): JsonObject {
  const members: unknown = body.members();
  return isJsonObject(members) ? members : body.fail('an object');
}
