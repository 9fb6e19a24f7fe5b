import { isJsonObject } from 'operator-core';
import type { JsonObject } from 'operator-core';

import { parseGoDuration } from './go-values.ts';
import type { JsonReader } from './json-reader.ts';
import { parseLabelProperties } from './pd-placement.ts';
import type { PDLabelProperties } from './pd-placement.ts';
import { parsePersistedTypes } from './scheduler-names.ts';

/** PD's schedule configuration (PD API, config). */
export interface PDScheduleConfig {
  readonly leaderScheduleLimit: number;
  readonly regionScheduleLimit: number;
  readonly replicaScheduleLimit: number;
  /** Milliseconds of silence after which a store counts as Down. */
  readonly maxStoreDownTimeMs: number;
  readonly lowSpaceRatio: number;
  readonly highSpaceRatio: number;
  /** True when all scheduling is halted. */
  readonly haltScheduling: boolean;
  /** True when replicas may be witnesses. */
  readonly enableWitness: boolean;
  /** Short names of the types of the schedulers that PD has persisted and not disabled: `hot-region`, `scatter-range`. */
  readonly persistedTypes: readonly string[];
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
  /** Lowest version of the stores: `8.5.7`. */
  readonly clusterVersion: string;
  /** Labels that give a property to stores. */
  readonly labelProperties: PDLabelProperties;
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
    maxStoreDownTimeMs: parseGoDuration(downTime.text()) ?? downTime.fail('a duration'),
    lowSpaceRatio: body.field('low-space-ratio').amount(),
    highSpaceRatio: body.field('high-space-ratio').amount(),
    haltScheduling: body.field('halt-scheduling').textFlag(false),
    enableWitness: body.field('enable-witness').textFlag(false),
    persistedTypes: parsePersistedTypes(body.field('schedulers-v2')),
    raw,
  };
}

/** Reads the answer of `GET /config/replicate`. */
export function parseReplicationConfig(body: JsonReader): PDReplicationConfig {
  const labels = body.field('location-labels').text();
  return {
    maxReplicas: body.field('max-replicas').count(),
    locationLabels: labels === '' ? [] : labels.split(','),
    isolationLevel: body.field('isolation-level').text(),
    strictlyMatchLabel: body.field('strictly-match-label').textFlag(),
    enablePlacementRules: body.field('enable-placement-rules').textFlag(),
    raw: readRaw(body),
  };
}

/** Reads the answer of `GET /config`. */
export function parseConfig(body: JsonReader): PDConfig {
  return {
    schedule: parseScheduleConfig(body.field('schedule')),
    replication: parseReplicationConfig(body.field('replication')),
    clusterVersion: body.field('cluster-version').text(),
    labelProperties: parseLabelProperties(body.field('label-property')),
    raw: readRaw(body),
  };
}

function readRaw(body: JsonReader): JsonObject {
  const members: unknown = body.members();
  return isJsonObject(members) ? members : body.fail('an object');
}
